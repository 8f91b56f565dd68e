"""The ZIP, names in it and screening, without a database."""

import hashlib
import io
import subprocess
import tracemalloc
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import IO, cast

import pytest

from plans.enums import ArchiveVariant
from plans.exports.archive import ArchiveWords, DamagedFile, archive_package, write_package
from plans.exports.archive.names import safe_name
from plans.exports.archive.screening import Screen
from tests.factories.archive import make_content, make_document
from tests.plans.archive.conftest import unpacked


def test_the_same_content_gives_the_same_bytes() -> None:
    assert archive_package(make_content()) == archive_package(make_content())


def test_its_bytes_are_these() -> None:
    """On every machine. What changes them is a change of the package, and says so here."""
    found = zipfile.ZipFile(io.BytesIO(archive_package(make_content())))
    names = [entry.filename.removeprefix("partnarplan-fylke-2021/") for entry in found.infolist()]
    assert names == sorted(names)
    assert names == [
        *("1/data.json", "1/hovud.pdf", "2/data.json", "2/hovud.pdf", "3/data.json"),
        *("3/hovud.pdf", "README.txt", "arkivmelding.xml", "manifest-sha256.txt"),
    ]
    facts = {
        (entry.date_time, entry.compress_type, entry.external_attr, entry.create_system)
        for entry in found.infolist()
    }
    assert facts == {((1980, 1, 1, 0, 0, 0), zipfile.ZIP_STORED, 0o100644 << 16, 3)}


def test_sha256sum_agrees_with_the_manifest(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(archive_package(make_content()))) as package:
        package.extractall(tmp_path)
    folder = tmp_path / "partnarplan-fylke-2021"
    command = ["sha256sum", "--strict", "--check", "--quiet", "manifest-sha256.txt"]
    assert subprocess.run(command, cwd=folder, check=False).returncode == 0
    lines = (folder / "manifest-sha256.txt").read_text(encoding="utf-8").splitlines()
    told = {line.split("  ")[1] for line in lines}
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert there - told == {"manifest-sha256.txt"}
    (folder / "1/data.json").write_bytes(b"[]")
    assert subprocess.run(command, cwd=folder, check=False, capture_output=True).returncode == 1


def test_the_readme_says_which_variant_it_is() -> None:
    readme = unpacked(archive_package(make_content()))["README.txt"].decode()
    assert "full, med personopplysningar" in readme
    assert "DETTE ER EIT DØME" in readme
    assert "KVA SOM ER UTELATE" not in readme
    content = make_content(
        variant=ArchiveVariant.SCREENED, left_out=("Vedlegg 1.",), is_example=False
    )
    readme = unpacked(archive_package(content))["README.txt"].decode()
    assert "skjerma, utan personopplysningar" in readme
    assert "KVA SOM ER UTELATE\n\n- Vedlegg 1.\n" in readme
    assert "DØME" not in readme


def test_a_file_that_is_not_what_it_was_is_not_packed() -> None:
    document = make_document("1/vedlegg.txt")
    changed = replace(document, file=replace(document.file, sha256="0" * 64))
    content = make_content()
    record = replace(content.records[0], documents=(changed,))
    with pytest.raises(DamagedFile, match=r"1/vedlegg\.txt"):
        archive_package(replace(content, records=(record,)))


class _Zeros(io.RawIOBase):
    """So many bytes, none of them in memory."""

    def __init__(self, size: int) -> None:
        self._left = size

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        piece = min(size, self._left) if size >= 0 else self._left
        self._left -= piece
        return bytes(piece)


def test_large_files_are_not_held_in_memory(tmp_path: Path) -> None:
    size = 64 * 1024 * 1024
    summed = hashlib.sha256()
    for _piece in range(64):
        summed.update(bytes(1024 * 1024))
    document = make_document("1/stor.pdf")
    file = replace(
        document.file,
        size=size,
        sha256=summed.hexdigest(),
        open=lambda: cast(IO[bytes], _Zeros(size)),
    )
    content = make_content()
    record = replace(content.records[0], documents=(replace(document, file=file),))
    tracemalloc.start()
    with (tmp_path / "pakke.zip").open("w+b") as out:
        write_package(replace(content, records=(record,)), out, ArchiveWords())
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 16 * 1024 * 1024
    assert zipfile.ZipFile(tmp_path / "pakke.zip").testzip() is None


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("kart.pdf", "01-kart.pdf"),
        ("../../etc/passwd", "01-passwd.bin"),
        ("..\\..\\con.txt", "01-con.txt"),
        ("/absolutt.pdf", "01-absolutt.pdf"),
        ("C:\\temp\\over.docx", "01-over.docx"),
        (".gøymd", "01-goymd.bin"),
        ("", "01-fil.bin"),
        ("\x00\x1b\u202e.PDF", "01-fil.pdf"),
        ("Blåbær og Šuoma.Tar.GZ", "01-blabaer-og-suoma-tar.gz"),
        ("a" * 300 + ".odt", "01-" + "a" * 50 + ".odt"),
        ("x." + "y" * 300, "01-x.yyyyyyyy"),
        ("..", "01-fil.bin"),
    ],
)
def test_names_are_safe_on_every_system(name: str, safe: str) -> None:
    assert safe_name(name, 1) == safe


@pytest.mark.parametrize(
    ("text", "screened"),
    [
        ("Skriv til fornamn.etternamn+x@post.test.example.", "Skriv til [e-postadresse]."),
        ("Ring 912 34 567 eller 91 23 45 67", "Ring [telefonnummer] eller [telefonnummer]"),
        ("+47 91234567, 0047 91234567", "[telefonnummer], [telefonnummer]"),
        ("tlf. 91.23.45.67", "tlf. [telefonnummer]"),
        ("+46 8 123 456 78", "[telefonnummer]"),
        ("f. 010203 12345", "f. [fødselsnummer]"),
        ("Prøve Test sa det til PRØVE \n TEST", "[Rolle] sa det til [Rolle]"),
        ("PRØVE TEST og Prøve Testesen", "[Rolle] og Prøve Testesen"),
        ("Prøve Test Lang", "[Lang rolle]"),
        # What isn't a number of anybody's.
        ("2020-2024, 25 000 000 kr, 3.3.2020", "2020-2024, 25 000 000 kr, 3.3.2020"),
        ("a" * 8 + "91234567" + "b" * 48, "a" * 8 + "91234567" + "b" * 48),
        ("91234567-0000-0000-0000-000000000000", "91234567-0000-0000-0000-000000000000"),
        ("Bo bur her", "Bo bur her"),
    ],
)
def test_personal_data_is_taken_out_of_texts(text: str, screened: str) -> None:
    screen = Screen({"Prøve Test": "Rolle", "Prøve Test Lang": "Lang rolle", "Bo": "for kort"})
    assert screen.text(text) == screened


def test_personal_data_is_taken_out_of_all_that_json_can_be() -> None:
    screen = Screen({"Prøve Test": "Rolle"})
    value = {"a@b.example": ["Prøve Test", {"x": ("Prøve Test", 1, None, True)}]}
    screened = {"[e-postadresse]": ["[Rolle]", {"x": ["[Rolle]", 1, None, True]}]}
    assert screen.value(value) == screened
    assert Screen({}).text("Prøve Test") == "Prøve Test"
