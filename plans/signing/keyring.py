"""Which key is whose: the installation's seal, and those of the parties."""

from pathlib import Path

from django.conf import settings

from plans.signing import config
from plans.signing.demo_pki import MARK, ROOT
from plans.signing.keys import Key

SEAL = "segl"
LUP = "lup"


def seal_key() -> Key:
    """Return the key that seals. Raises ``BadKey``."""
    return config.holder(SEAL).key()


def lup_key() -> Key:
    """Return LUP's key. Raises ``BadKey``."""
    return config.holder(LUP).key()


def county_key(number: str) -> Key:
    """Return the key of the county with that number. Raises ``BadKey``."""
    return config.holder(county(number)).key()


def county(number: str) -> str:
    """Return the name by which the county with that number holds a key."""
    return f"fylke-{number}"


def is_demo() -> bool:
    """Say whether the keys are those that the demo made: nobody else believes them."""
    return _demo_folder() is not None


def demo_root() -> Path | None:
    """Return the certificate of the demo's authority, where the keys are the demo's."""
    folder = _demo_folder()
    return folder / ROOT if folder else None


def _demo_folder() -> Path | None:
    folder = Path(settings.SIGNING_KEYS)
    return folder if (folder / MARK).is_file() else None
