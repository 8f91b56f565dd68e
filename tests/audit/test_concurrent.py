"""Several writers at once, each with a database connection of its own: the chain holds."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction

from accounts.models import User
from audit.models import Event
from audit.services import record, verify
from tests.factories.accounts import UserFactory

WRITERS, EACH = 6, 8


@pytest.mark.django_db(transaction=True)
def test_concurrent_writers_do_not_break_the_chain() -> None:
    user: User = UserFactory.create()
    start = Barrier(WRITERS)

    def write(writer: int) -> None:
        try:
            start.wait(timeout=20)
            for n in range(EACH):
                with transaction.atomic():
                    record(by=user, verb="thing.changed", target=user, new={"n": n, "by": writer})
                    # Every third write is taken back, with its event.
                    transaction.set_rollback(n % 3 == 2)
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as threads:
        list(threads.map(write, range(WRITERS)))
    kept = WRITERS * sum(1 for n in range(EACH) if n % 3 != 2)
    assert verify() == Event.objects.count() == kept
