"""Refusals that the database itself makes, on SQLite and PostgreSQL alike.

Django's constraints see one row of one table. A rule over two tables (a measure lies in its plan's
year) or over time (an event is never changed) needs a trigger. An app declares its triggers and
registers them in ``AppConfig.ready``; they are installed after every ``migrate``. SQLite rebuilds a
table to alter it, which drops its triggers and trips over those that name it from elsewhere, so
there they are also taken away before a migration.
"""

from dataclasses import dataclass
from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.signals import post_migrate, pre_migrate

INSERT, UPDATE, DELETE = "INSERT", "UPDATE", "DELETE"


@dataclass(frozen=True)
class Trigger:
    """One refusal: before ``events`` on ``table``, when ``refuse_when`` holds, with ``message``.

    ``refuse_when`` is SQL over ``NEW`` and ``OLD`` that both engines read. ``lock`` is a query that
    PostgreSQL runs first, so that two transactions can't each pass the check unseen by the other;
    SQLite has one writer and needs none. A refusal reaches Python as ``IntegrityError``.
    """

    name: str
    table: str
    events: tuple[str, ...]
    refuse_when: str
    message: str
    lock: str = ""

    def install(self, connection: BaseDatabaseWrapper) -> None:
        """Create the trigger, or replace it by what is declared now."""
        self.drop(connection)
        with connection.cursor() as cursor:
            for statement in self._statements(connection.vendor):
                cursor.execute(statement)

    def drop(self, connection: BaseDatabaseWrapper) -> None:
        """Take the trigger away, if it is there; data checks stop until it is installed again."""
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP FUNCTION IF EXISTS {self.name}() CASCADE")
            else:
                for event in self.events:
                    cursor.execute(f"DROP TRIGGER IF EXISTS {self.name}_{event.lower()}")

    def _statements(self, vendor: str) -> list[str]:
        message = self.message.replace("'", "''")
        if vendor == "sqlite":
            return [
                f"CREATE TRIGGER {self.name}_{event.lower()} BEFORE {event} ON {self.table}"
                f" FOR EACH ROW WHEN {self.refuse_when}"
                f" BEGIN SELECT RAISE(ABORT, '{message}'); END"
                for event in self.events
            ]
        lock = f"PERFORM {self.lock.removeprefix('SELECT ')};" if self.lock else ""
        row = "OLD" if self.events == (DELETE,) else "NEW"
        return [
            f"CREATE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $$"
            f" BEGIN {lock} IF {self.refuse_when} THEN"
            f" RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation';"
            f" END IF; RETURN {row}; END $$",
            f"CREATE TRIGGER {self.name} BEFORE {' OR '.join(self.events)} ON {self.table}"
            f" FOR EACH ROW EXECUTE FUNCTION {self.name}()",
        ]


_registered: list[Trigger] = []


def register(config: AppConfig, triggers: list[Trigger]) -> None:
    """Keep ``triggers`` installed in every database that ``config``'s app is migrated in."""
    _registered.extend(triggers)

    def install(using: str, **kwargs: Any) -> None:
        tables = set(connections[using].introspection.table_names())
        for trigger in triggers:
            if trigger.table in tables:
                trigger.install(connections[using])

    post_migrate.connect(install, sender=config, weak=False, dispatch_uid=f"{config.name}.triggers")
    pre_migrate.connect(
        _drop_before_sqlite_rebuilds, sender=config, dispatch_uid=f"{config.name}.no_triggers"
    )


def registered() -> tuple[Trigger, ...]:
    """Return every trigger that some app has registered."""
    return tuple(_registered)


def _drop_before_sqlite_rebuilds(using: str, **kwargs: Any) -> None:
    connection = connections[using]
    if connection.vendor == "sqlite":
        for trigger in _registered:
            trigger.drop(connection)
