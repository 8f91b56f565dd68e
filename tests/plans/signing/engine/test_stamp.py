"""The stamp: what it says, which letters it has, and that long names fit."""

import io
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest

from plans.signing import sign
from plans.signing.fields import PARTIES
from plans.signing.stamp import HEIGHT, fitted, printable, stamp_text
from tests.plans.signing.engine import authority as names
from tests.plans.signing.engine.authority import Authority
from tests.plans.signing.engine.conftest import Papers

AT = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)  # the first of July in Norway
SÁMI = "Áhkká Čoahkkir Đulvi Ŋirbma Šiella Ŧuottar Žiila ǩ ǯ ï"


@pytest.mark.usefixtures("english")
def test_it_says_who_for_whom_and_when() -> None:
    said = stamp_text(name=" Ein  Namn ", role="", organisation="Fylke", at=AT, is_demo=False)
    assert said.split("\n")[:2] == ["Ein Namn", "Fylke"]
    assert "1. juli 2026" in said.split("\n")[2]
    assert said.split("\n")[2].endswith("00:30") or said.split("\n")[2].endswith("00.30")
    assert len(said.split("\n")) == 3


def test_it_says_that_a_demo_is_one() -> None:
    said = stamp_text(name="Namn", role="Direktør", organisation="Fylke", at=AT, is_demo=True)
    assert said.split("\n")[1] == "Direktør"
    assert said.split("\n")[-1].startswith("DEMO – ")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SÁMI, SÁMI),
        ("e\u0301", "é"),
        ("ﬁn", "fin"),
        ("中", "[?]"),
        ("a\u202eb\u0000c", "abc"),
        ("10 % – «ja»\nto", "10 % – «ja»\nto"),
    ],
)
def test_every_letter_is_shown_or_told_to_be_missing(text: str, expected: str) -> None:
    assert printable(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Kort",
        "\n".join(["Eit langt namn som held fram " * 5] * 2),
        "\n".join(["X" * 200] * 4),
        "W" * 5000,
        "\n" * 30 + "ja",
        "",
    ],
)
def test_all_of_it_fits(text: str) -> None:
    lines, size, leading = fitted(text)
    assert len(lines) * leading <= HEIGHT
    assert size >= 5


def test_what_is_short_is_as_large_as_can_be() -> None:
    assert fitted("Namn\nFylke\nTid") == (["Namn", "Fylke", "Tid"], 9, 12)


def test_no_letters_are_lost_where_it_is_made_smaller() -> None:
    text = "Áile-Ŋáŋŋá Namnesen " * 20
    lines, size, _leading = fitted(text)
    assert size < 9
    assert " ".join(lines).split() == text.split()


def test_the_stamp_is_read_from_the_page(
    papers: Papers, authority: Authority, tmp_path: Path
) -> None:
    pdf = sign.sign(
        papers.sealed,
        field=PARTIES[1],
        key=authority.key(names.LUP),
        name="Namn",
        reason="Signerer",
        stamp=f"{SÁMI}\n100 % (sikker) \\ ja",
    )
    path = tmp_path / "signed.pdf"
    path.write_bytes(pdf)
    shown = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True)
    text = " ".join(shown.stdout.decode().split())
    assert SÁMI in text
    assert "100 % (sikker) \\ ja" in text
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        place = opened.Root.AcroForm.Fields[2]
        assert place.AP.N.Resources.Font  # embedded, with what PDF/A asks for
