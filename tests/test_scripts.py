"""What the scripts of `make check` and `make test` read, and what they find."""

from pathlib import Path

import pytest

from scripts import check_spelling, check_translations, po
from scripts.total import total

CATALOGUE = r"""
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\n"

#: plans/forms.py templates/a.html
#, python-format
msgid "%(n)s plan"
msgid_plural "%(n)s plans"
msgstr[0] "%(n)s plan"
msgstr[1] ""
"%(n)s "
"planar"

#, fuzzy
msgctxt "verb"
msgid "Sign"
msgstr "Teikn"

#~ msgid "Gone"
#~ msgstr "Borte"
"""

DEMO = """title = "Plan for \\"alle\\""
[[texts]]
language = "nb"
body = "På bokmål"
[[parts]]
introduction = "På bokmål"
introduction_language = "nb"
  [[parts.focus_areas]]
  title = "Område"
  language = "nn"
    [[parts.focus_areas.measures]]
    kind = "COURSE"
    language = "nn"
    description = '''
Fyrste linje.

Tredje linje.
'''
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of which only what a test writes exists."""
    monkeypatch.setattr(check_spelling, "ROOT", tmp_path)
    return tmp_path


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_catalogue_is_read_entry_by_entry(tmp_path: Path) -> None:
    entries = list(po.read(write(tmp_path / "django.po", CATALOGUE)))
    assert entries == [
        po.Entry(
            line=7,
            places="plans/forms.py templates/a.html",
            msgid="%(n)s plan",
            msgid_plural="%(n)s plans",
            msgstr=["%(n)s plan", "%(n)s planar"],
        ),
        po.Entry(line=16, fuzzy=True, msgctxt="verb", msgid="Sign", msgstr=["Teikn"]),
    ]


@pytest.mark.parametrize(
    ("source", "translation", "faults"),
    [
        ("Hello %(name)s", "Hei %(name)s", 0),
        ("Hello %(name)s", "Hei %(namn)s", 1),
        ("Hello {name}", "Hei", 1),
        ("%s of %s", "%s av %s", 0),
        ("%s of %s", "%s", 1),
        ("50 %% done", "50 %% gjort", 0),
    ],
)
def test_a_translation_keeps_the_placeholders(source: str, translation: str, faults: int) -> None:
    entry = po.Entry(line=1, msgid=source, msgstr=[translation])
    assert len(list(check_translations.misplaced(entry))) == faults


def test_demo_texts_in_another_language_are_not_nynorsk(root: Path) -> None:
    file = write(root / "plans/demo/plan_2020.toml", DEMO).relative_to(root)
    assert list(check_spelling.demo_texts()) == [
        (file, 1, 'Plan for "alle"'),
        (file, 9, "Område"),
        (file, 15, "Fyrste linje.\n\nTredje linje."),
    ]


def test_markup_is_no_text_and_lines_stay_where_they_were() -> None:
    text = """{# ein
kommentar #}<h1 class="stor">Plan</h1>
<p lang="nb">Bokmål <b>her</b></p><code>kode</code><br>
{{ verdi }} er {% if x %}bra{% endif %} &amp; fint"""
    lines = check_spelling.without_markup(text).splitlines()
    assert [line.split() for line in lines] == [[], ["Plan"], [], ["er", "bra", "&", "fint"]]


@pytest.mark.parametrize("text", ["%(count)s", "{name}", "https://a.no/b", "a@b.no", "plan.pdf"])
def test_placeholders_and_addresses_are_no_words(text: str) -> None:
    assert check_spelling.words_of(f"sjå {text} her") == ["sjå", "her"]


def test_a_short_form_is_a_word_without_its_ending() -> None:
    assert check_spelling.words_of("PDF-en og e-posten") == ["PDF", "og", "e-posten"]


def test_reports_are_added_up(tmp_path: Path) -> None:
    report = """<testsuites><testsuite tests="6" failures="1" errors="1" skipped="2">
    <testcase><skipped type="pytest.skip"/></testcase>
    <testcase><skipped type="pytest.xfail"/></testcase></testsuite></testsuites>"""
    reports = [write(tmp_path / name, report) for name in ("one.xml", "two.xml")]
    assert total(reports) == "6 passed, 4 failed, 2 skipped"
