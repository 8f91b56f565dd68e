"""Everything that is judged, made once, and judged in one go."""

from pathlib import Path

import pytest
from django.test import override_settings

from plans.signing.demo_pki import make_demo_keys
from plans.signing.keys import Key, from_pkcs12
from tests.conformance.judges import Verdict, judge
from tests.conformance.papers import ARCHIVAL, BOTH, KINDS, LONG, RENEWED, Keys, stages_of
from tests.conformance.spoiled import OF_SIGNATURES, OF_STANDARDS, spoiled
from tests.plans.signing.engine import authority

HERE = Path(__file__).parent
# What is read for its signatures: the other stages have no more of them.
WITH_SIGNATURES = (BOTH, LONG, ARCHIVAL, RENEWED, *(spoil.__name__ for spoil in OF_SIGNATURES))
FOR_SIGNATURES_ALONE = {spoil.__name__ for spoil in {*OF_SIGNATURES} - {*OF_STANDARDS}}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let one process of several do all that needs the judges: it makes the files but once."""
    for item in items:
        if HERE in item.path.parents and "verdicts" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("judged"))


@pytest.fixture(scope="session")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Verdict]:
    """What the judges say, by the files' names: ``KIND-STAGE`` and those of ``spoiled``."""
    folder, strangers = tmp_path_factory.mktemp("judged"), tmp_path_factory.mktemp("strangers")
    make_demo_keys(strangers, {"lup": "Leverandørutviklingsprogrammet"})
    stranger = from_pkcs12((strangers / "lup.p12").read_bytes(), None)
    with authority.started(tmp_path_factory.mktemp("authority")) as trusted:
        with override_settings(
            SIGNING_TIMESTAMP_URL=trusted.timestamp_url,
            SIGNING_TRUST_ROOTS=str(trusted.root),
            SIGNING_REVOCATION=True,
        ):
            made = _made(
                Keys(*map(trusted.key, (authority.SEAL, authority.COUNTY, authority.LUP))), stranger
            )
        paths = {name: folder / name for name in made}
        for name, pdf in made.items():
            paths[name].write_bytes(pdf)
        return judge(
            [path for name, path in paths.items() if name not in FOR_SIGNATURES_ALONE],
            [path for name, path in paths.items() if name.endswith(WITH_SIGNATURES)],
            [trusted.root],
        )


def _made(keys: Keys, stranger: Key) -> dict[str, bytes]:
    made: dict[str, bytes] = {}
    for name, kind in KINDS.items():
        stages = stages_of(kind, keys)
        made |= {f"{name}-{stage}": pdf for stage, pdf in stages.items()}
        if name == "short":
            made |= spoiled(stages, keys, stranger)
    return made
