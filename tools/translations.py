"""Gettext catalogues without system gettext: `check`, `update` and `compile` of locale/en.

Message ids are Simplified Chinese (docs/adr/0004); English must be complete. Run as `python -m tools.translations check`.
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PROJECT = Path(__file__).resolve().parent.parent
PO = PROJECT / "locale" / "en" / "LC_MESSAGES" / "django.po"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "gettext_noop": None,
}
TRANSLATE = re.compile(r"""\{%\s*(?:translate|trans)\s+(?:"([^"]+)"|'([^']+)')""")
INLINE = re.compile(r"""\b_\(\s*(?:"([^"]+)"|'([^']+)')\s*\)""")
BLOCK = re.compile(
    r"\{%\s*(?:blocktranslate|blocktrans)(?P<options>[^%]*)%\}(?P<one>.*?)"
    r"(?:\{%\s*plural\s*%\}(?P<many>.*?))?\{%\s*end(?:blocktranslate|blocktrans)\s*%\}",
    re.DOTALL,
)
VARIABLE = re.compile(r"\{\{\s*(\w+)[^}]*\}\}")
PLACEHOLDER = re.compile(r"%\((\w+)\)")

Message = str | tuple[str, ...]


def python_messages(path: Path) -> Iterator[tuple[int, Message]]:
    """Messages of a Python file, by Babel's own extractor."""
    text = path.read_bytes()
    for line, message, _comments, _context in extract("python", io.BytesIO(text), KEYWORDS):
        yield line, message


def _block_text(text: str, options: str) -> str:
    named = VARIABLE.sub(r"%(\1)s", text.replace("%", "%%"))
    return " ".join(line.strip() for line in named.strip().splitlines()) if "trimmed" in options else named


def template_messages(path: Path) -> Iterator[tuple[int, Message]]:
    """Messages of a Django template: translate tags, blocktranslate blocks and _("…") in tags and filters."""
    text = path.read_text(encoding="utf-8")
    for pattern in (TRANSLATE, INLINE):
        for found in pattern.finditer(text):
            yield text.count("\n", 0, found.start()) + 1, found.group(1) or found.group(2)
    for found in BLOCK.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        one = _block_text(found["one"], found["options"])
        yield line, (one, _block_text(found["many"], found["options"])) if found["many"] else one


def extracted() -> Catalog:
    """The catalogue of every marked text under shian/."""
    catalog = Catalog(locale="en", project="Shian", charset="utf-8")
    for path in sorted((PROJECT / "shian").rglob("*")):
        relative = path.relative_to(PROJECT)
        if {"tests", "migrations"} & set(relative.parts):
            continue
        reader = {".py": python_messages, ".html": template_messages}.get(path.suffix)
        for line, message in reader(path) if reader else ():
            catalog.add(message, locations=[(str(relative), line)])
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
        translated = have.get(message.id)
        texts = _texts(translated.string) if translated else []
        if not texts or not all(texts):
            found.append(f"no English: {message.id} ({message.locations[0][0]})")
        elif set(PLACEHOLDER.findall(str(message.id))) != set(PLACEHOLDER.findall(" ".join(texts))):
            found.append(f"other placeholders: {message.id}")
    found += [f"no longer used: {entry.id}" for entry in have if entry.id and wanted.get(entry.id) is None]
    return found


def _texts(string: str | tuple[str, ...] | list[str]) -> list[str]:
    return [string] if isinstance(string, str) else list(string)


def update() -> None:
    """Add new messages with empty English, drop the ones no longer used."""
    wanted, have = extracted(), stored()
    for message in wanted:
        known = have.get(message.id) if message.id else None
        if known is not None:
            message.string = known.string
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as handle:
        write_po(handle, wanted, width=120, sort_output=True, include_lineno=False, no_location=True)


def compile_all() -> None:
    """Write the binary catalogue beside the text one."""
    if PO.exists():
        with PO.with_suffix(".mo").open("wb") as handle:
            write_mo(handle, stored())


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
