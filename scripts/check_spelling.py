"""Fail at a word in the Nynorsk texts that neither hunspell nor locale/nn/words.txt knows.

Read are the Nynorsk translations, the Nynorsk texts of the demo, and the Nynorsk templates. In
words.txt, ``word/model`` stands for ``word`` in every form that ``model`` has in the dictionary.
"""

import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple

from scripts import po

ROOT = Path(__file__).resolve().parent.parent
WORDS = Path("locale/nn/words.txt")
WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
# Not words: placeholders, names in code, HTML entities, addresses, paths, file names.
NOT_TEXT = re.compile(
    r"\w*_\w*|%\(\w+\)[a-zA-Z]|%[sdif]|\{\w*\}|&\w+;|https?://\S+|\S+@\S+|(?<!\w)/[\w./<>-]+|\b\w+\.[a-z]{2,4}\b"
)
TEMPLATE_TAG = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
# An ending on a short form: PDF-en.
ENDING = re.compile(r"(?<=[A-ZÆØÅ]{2})-(?:en|et|a|ar|ane)\b")
# Keys of the demo files whose values are shown to people.
TEXT_KEYS = {
    "title", "body", "introduction", "description", "purpose", "expected_result", "responsible_role"
}  # fmt: skip


class Text(NamedTuple):
    """A piece of Nynorsk, and where it starts."""

    file: Path
    line: int
    text: str


def main() -> int:
    """Print each unknown word as ``file:line: word``, and return 1 if there is any."""
    texts = [*_translations(), *demo_texts(), *_templates()]
    if not texts:
        sys.exit("No Nynorsk text was found: the check looks in the wrong place.")
    found = [
        (text.file, text.line + offset, word)
        for text in texts
        for offset, line in enumerate(without_markup(text.text).splitlines())
        for word in words_of(line)
    ]
    unknown = _unknown({word for _, _, word in found})
    faults = [f"{file}:{line}: {word}" for file, line, word in found if word in unknown]
    print("\n".join(faults or [f"{len(found)} words in {len(texts)} texts"]))
    return min(len(faults), 1)


def words_of(text: str) -> list[str]:
    """Return the words of ``text``, without placeholders and addresses."""
    return WORD.findall(ENDING.sub("", NOT_TEXT.sub(" ", text)))


def _translations() -> Iterator[Text]:
    for path in sorted(ROOT.glob("locale/nn/LC_MESSAGES/*.po")):
        for entry in po.read(path):
            for text in entry.msgstr:
                # An entry's place is its msgid's; a long text's lines are not those of the file.
                yield Text(path.relative_to(ROOT), entry.line, text.replace("\n", " "))


def demo_texts() -> Iterator[Text]:
    """Yield the texts of the demo's files that aren't in another language, in their order."""
    for path in sorted(ROOT.glob("plans/demo/*.toml")):
        source = path.read_text(encoding="utf-8")
        position = 0
        for text in _nynorsk_values(tomllib.loads(source), "nn"):
            # Values come in the order of the file, so each is found after the one before it.
            first_line = text.strip().splitlines()[0] if text.strip() else ""
            # Where escapes make it look different there, it is put down to the one before.
            position = max(source.find(first_line, position), position)
            line = source.count("\n", 0, position) + 1
            yield Text(path.relative_to(ROOT), line, text.strip())


def _nynorsk_values(table: dict[str, Any], language: str) -> Iterator[str]:
    """Yield the texts of ``table`` and the tables in it that aren't in another language."""
    language = table.get("language", language)
    for key, value in table.items():
        if isinstance(value, list):
            for item in value:
                if isinstance(item, dict):
                    yield from _nynorsk_values(item, "nn")
        elif key in TEXT_KEYS and table.get(f"{key}_language", language) == "nn":
            yield value


def _templates() -> Iterator[Text]:
    """Yield the templates written in Nynorsk itself: those in a folder ``nn``."""
    for path in sorted(ROOT.glob("templates/**/nn/**/*.*")):
        yield Text(path.relative_to(ROOT), 1, path.read_text(encoding="utf-8"))


class _TextOnly(HTMLParser):
    """Keeps what a reader sees of HTML, line by line, without parts in another language."""

    HIDDEN = {"code", "kbd", "samp", "script", "style"}
    VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.kept: list[str] = []
        self.hidden_since: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.kept.append(" ")
        if tag in self.VOID:
            return
        foreign = (dict(attrs).get("lang") or "nn") != "nn"
        if self.hidden_since or foreign or tag in self.HIDDEN:
            self.hidden_since.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.kept.append(" ")
        if tag in self.hidden_since:
            while self.hidden_since.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.kept.append("\n" * data.count("\n") if self.hidden_since else data)

    def text(self) -> str:
        return "".join(self.kept)


def without_markup(text: str) -> str:
    """Return ``text`` without template tags and HTML, with its lines where they were."""
    text = TEMPLATE_TAG.sub(lambda match: " " + "\n" * match[0].count("\n"), text)
    if "<" not in text:
        return text
    parser = _TextOnly()
    parser.feed(text)
    parser.close()
    return parser.text()


def _unknown(words: set[str]) -> set[str]:
    lines = (ROOT / WORDS).read_text(encoding="utf-8").splitlines()
    own = [entry for line in lines if (entry := line.partition("#")[0].strip())]
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".txt") as dictionary:
        dictionary.write("\n".join(own) + "\n")
        dictionary.flush()
        result = subprocess.run(
            ["hunspell", "-i", "utf-8", "-d", "nn_NO", "-p", dictionary.name, "-l"],
            input="\n".join(sorted(words - set(own))),
            capture_output=True,
            text=True,
            check=True,
        )
    # A letter alone names a paragraph or an e-mail.
    wrong = {part for part in result.stdout.split() if len(part) > 1}
    # hunspell speaks of the parts of a word with a hyphen, and knows no whole one.
    return {
        word for word in words - set(own) if word in wrong or wrong & set(re.split(r"[-’']", word))
    }


if __name__ == "__main__":
    sys.exit(main())
