"""Which key is whose: the installation's seal, and those of the parties."""

from pathlib import Path

from django.conf import settings

from plans.signing.keys import BadKey, Key, from_pkcs12

SEAL = "segl"
LUP = "lup"


def seal_key() -> Key:
    """Return the key that seals. Raises ``BadKey``."""
    return _key(SEAL)


def lup_key() -> Key:
    """Return LUP's key. Raises ``BadKey``."""
    return _key(LUP)


def county_key(number: str) -> Key:
    """Return the key of the county with that number. Raises ``BadKey``."""
    return _key(f"fylke-{number}")


def _key(name: str) -> Key:
    path = Path(settings.SIGNING_KEYS, f"{name}.p12")
    try:
        return from_pkcs12(path.read_bytes(), None)
    except OSError as error:
        raise BadKey(f"{path.name}: {error.strerror}") from error
