"""Gettext catalogues without system gettext: `check`, `update` and `compile` of locale/en.

Message ids are Simplified Chinese (docs/adr/0004); English must be complete. `python -m tools.translations check`.
"""

import io
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PROJECT = Path(__file__).resolve().parent.parent
PO = PROJECT / "locale" / "en" / "LC_MESSAGES" / "django.po"
HEADER = r"""# English texts of Shian. The ids are Simplified Chinese (docs/adr/0004); how to add one: CONTRIBUTING.md.
msgid ""
msgstr ""
"Language: en\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"

"""
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")

Message = str | tuple[str, ...]


def messages_of(path: Path) -> Iterator[tuple[int, Message, str | None]]:
    """Line, text and context of every message of a file; Django itself turns the tags of a template into calls."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        text = "\n".join(line.strip() for line in templatize(text).split("\n"))
    for line, message, _comments, context in extract("python", io.BytesIO(text.encode()), KEYWORDS):
        yield line, message, context


def extracted() -> Catalog:
    """The catalogue of every marked text under shian/."""
    catalog = Catalog(locale="en")
    for path in sorted((PROJECT / "shian").rglob("*")):
        relative = path.relative_to(PROJECT)
        if path.suffix not in {".py", ".html"} or {"tests", "migrations"} & set(relative.parts):
            continue
        for line, message, context in messages_of(path):
            catalog.add(message, locations=[(str(relative), line)], context=context)
    return catalog


def stored() -> Catalog:
    """The English catalogue as committed; an empty one when there is none yet."""
    if not PO.exists():
        return Catalog(locale="en")
    with PO.open("rb") as handle:
        return read_po(handle, locale="en")


def problems() -> list[str]:
    """What keeps the English catalogue from being complete: missing, empty, obsolete, or other placeholders."""
    wanted, have = extracted(), stored()
    found = []
    for message in wanted:
        if not message.id:
            continue
        translated = have.get(message.id, message.context)
        ids, texts = _texts(message.id), _texts(translated.string or "") if translated else []
        if not texts or not all(texts):
            found.append(f"no English: {ids[0]} ({message.locations[0][0]})")
        elif any(_placeholders(text) != _placeholders(ids[0]) for text in texts):
            found.append(f"other placeholders: {ids[0]}")
    found += [f"no longer used: {each.id}" for each in have if each.id and wanted.get(each.id, each.context) is None]
    return found


def _texts(string: str | tuple[str, ...] | list[str]) -> list[str]:
    return [string] if isinstance(string, str) else list(string)


def _placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


def update() -> None:
    """Add new messages with empty English, drop the ones no longer used."""
    wanted, have = extracted(), stored()
    for message in wanted:
        known = have.get(message.id, message.context) if message.id else None
        if known is not None:
            message.string = known.string
    write(wanted)


def write(catalog: Catalog) -> None:
    """Write the text catalogue, sorted, so that two people's additions merge."""
    body = io.BytesIO()
    write_po(body, catalog, width=120, sort_output=True, no_location=True, omit_header=True)
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_text(HEADER + body.getvalue().decode(), encoding="utf-8")


def add(text: str, english: str) -> None:
    """Give one text its English; one that has an English already keeps it."""
    catalog = stored()
    known = catalog.get(text)
    if known is None or not known.string:
        catalog.add(text, english)
        write(catalog)


def compile_all() -> None:
    """Write the binary catalogue beside the text one; a reader sees the old one or the new one."""
    if PO.exists():
        body = io.BytesIO()
        write_mo(body, stored())
        unfinished = PO.with_suffix(f".{os.getpid()}")
        unfinished.write_bytes(body.getvalue())
        unfinished.replace(PO.with_suffix(".mo"))


def main(arguments: list[str]) -> int:
    verb = arguments[0] if arguments else "check"
    if verb == "update":
        update()
    elif verb == "compile":
        compile_all()
    elif verb == "check":
        found = problems()
        print("\n".join(found) or "translations complete")
        return 1 if found else 0
    else:
        print(__doc__)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
