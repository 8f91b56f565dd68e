"""What ``manage.py check --deploy`` says of the keys that seal and sign."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Tags, Warning, register

from plans.signing import config, keyring
from plans.signing.keys import BadKey, Key
from plans.signing.trust import roots


@register(Tags.security, deploy=True)
def check_signing(**kwargs: Any) -> list[CheckMessage]:
    """Return what is wrong with the keys and the roots."""
    try:
        found = config.holders()
    except BadKey as error:
        return [Error(f"SIGNING_KEYS: {error}", id="plans.E001")]
    said: list[CheckMessage] = []
    if keyring.SEAL not in found:
        hint = f"Without a key for {keyring.SEAL!r} no plan can be sent to signing."
        said.append(Info("No key seals the plans.", hint=hint, id="plans.I001"))
    if found:
        said.extend(_roots())
    for name, holder in found.items():
        said.extend(_key(name, holder))
    if keyring.is_demo() and not (settings.DEBUG or settings.DEMO):
        said.append(Warning("The keys that sign are the demo's.", id="plans.W001"))
    if settings.SIGNING_SERVICE_URL.startswith("http://"):
        hint = "The token and the PIN go to it: use https://."
        said.append(Warning("SIGNING_SERVICE_URL is open.", hint=hint, id="plans.W002"))
    return said


def _roots() -> Iterator[CheckMessage]:
    try:
        roots()
    except BadKey as error:
        yield Error(f"SIGNING_TRUST_ROOTS: {error}", id="plans.E002")


def _key(name: str, holder: config.Holder) -> Iterator[CheckMessage]:
    try:
        key = holder.key()
        key.refuse_outside_validity(datetime.now(UTC))
    except BadKey as error:
        yield Error(f"The key of {name!r}: {error}", id="plans.E003")
        return
    yield from _near_the_end(name, key)


def _near_the_end(name: str, key: Key) -> Iterator[CheckMessage]:
    ends: datetime = key.certificate.not_valid_after
    if ends < datetime.now(UTC) + timedelta(days=30):
        yield Warning(f"The certificate of {name!r} ends on {ends:%Y-%m-%d}.", id="plans.W003")
