"""Everything that is judged, made once, and judged in one go."""

from pathlib import Path

import pytest

from plans.signing.demo_pki import ROOT, make_demo_keys
from plans.signing.keys import Key, from_pkcs12
from tests.conformance.judges import Verdict, judge
from tests.conformance.papers import BOTH, KINDS, Keys, stages_of
from tests.conformance.spoiled import SPOILED

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let one process of several do all that needs the judges: it makes the files but once."""
    for item in items:
        if HERE in item.path.parents and "verdicts" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("judged"))


def _keys(folder: Path) -> Keys:
    make_demo_keys(
        folder, {"segl": "Lupplan", "lup": "Leverandørutviklingsprogrammet", "fylke": "Fylke"}
    )
    seal, county, lup = (_key(folder, name) for name in ("segl", "fylke", "lup"))
    return Keys(seal=seal, county=county, lup=lup)


def _key(folder: Path, name: str) -> Key:
    return from_pkcs12((folder / f"{name}.p12").read_bytes(), None)


@pytest.fixture(scope="session")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Verdict]:
    """What the judges say, by the files' names: ``KIND-STAGE`` and those of ``SPOILED``."""
    ours, others = tmp_path_factory.mktemp("ours"), tmp_path_factory.mktemp("others")
    keys, stranger = _keys(ours), _keys(others).lup
    made: dict[str, bytes] = {}
    for name, kind in KINDS.items():
        stages = stages_of(kind, keys)
        made |= {f"{name}-{stage}": pdf for stage, pdf in stages.items()}
        if name == "short":
            made |= {name: spoil(stages, keys, stranger) for name, spoil in SPOILED.items()}
    folder = tmp_path_factory.mktemp("judged")
    paths = {}
    for name, pdf in made.items():
        paths[name] = folder / name
        paths[name].write_bytes(pdf)
    signatures = [paths[name] for name in paths if name.endswith(BOTH) or name in SPOILED]
    return judge(paths.values(), signatures, [ours / ROOT])
