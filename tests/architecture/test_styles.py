"""The build leaves out what the pages do not use of Tabler (vite.config.ts): the list of what they use is whole."""

import json
import re

from shian.config.home import PROJECT

USED = PROJECT / "frontend" / "styles" / "tabler.json"
TABLER = PROJECT / "node_modules" / "@tabler" / "core" / "dist" / "css" / "tabler.min.css"
NAME = re.compile(r"[A-Za-z][\w-]*")
TAGS = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}")
IN_PAGES = re.compile(r"class=\\?\"([^\"]*)\"|\"class\": f?\"([^\"]*)\"|class=\\?'([^']*)'")
IN_SCRIPTS = re.compile(r"\bclass(?:: |Name\s*\+?=|=)([^,}\n]*)|\bclassList\.\w+\(([^)\n]*)")
# Words beside class names where a script or a program writes them.
WORDS = {"css", "row"}


def named_classes() -> set[str]:
    """What stands where templates, programs and scripts write classes."""
    found: set[str] = set()
    for path in (PROJECT / "shian").rglob("*"):
        if path.suffix in {".html", ".py"} and "tests" not in path.parts:
            text = TAGS.sub(" ", path.read_text()) if path.suffix == ".html" else path.read_text()
            found.update(_names(IN_PAGES, text))
    for path in (PROJECT / "frontend").rglob("*.ts"):
        if "dist" not in path.parts:
            found.update(_names(IN_SCRIPTS, path.read_text()))
    return found


def _names(where: re.Pattern[str], text: str) -> set[str]:
    return {name for parts in where.findall(text) for name in NAME.findall(" ".join(parts))}


def test_what_the_pages_use_of_tabler_is_what_the_build_keeps():
    known = set(re.findall(r"\.([A-Za-z][\w-]*)", TABLER.read_text()))
    listed = json.loads(USED.read_text())

    assert listed == sorted(listed)
    assert (named_classes() & known) - WORDS == set(listed)


def test_the_built_styles_hold_the_classes_in_use_and_no_others():
    built = "".join(path.read_text() for path in (PROJECT / "frontend" / "dist" / "assets").glob("main-*.css"))

    assert all(f".{name}" in built for name in json.loads(USED.read_text()))
    assert ".navbar" not in built
    assert len(built) < 200_000
