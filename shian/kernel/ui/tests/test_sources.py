"""Properties of the sources: no inline code, documented components, readable colours."""

import re
from itertools import product
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[3]
COMPONENTS = PACKAGE / "kernel/ui/templates/ui/components"
FRONTEND = PACKAGE.parent / "frontend"
TOKENS = FRONTEND / "styles/tokens.css"
INLINE = re.compile(
    r"<style|<script(?![^>]*\b(?:src=|type=\"application/json\"))|\sstyle=[\"']|\son[a-z]+=[\"']|javascript:|hx-on|hx-vals=.js",
)


def pages() -> list[Path]:
    """Templates of pages that the server answers with; `offline_*` are files that stand alone in an archive."""
    return [path for path in PACKAGE.rglob("*.html") if not path.name.startswith("offline_")]


def test_no_template_holds_inline_code() -> None:
    offenders = [
        f"{path.relative_to(PACKAGE)}: {found.group()}"
        for path in pages()
        for found in INLINE.finditer(path.read_text(encoding="utf-8"))
    ]

    assert offenders == []


def test_no_python_writes_inline_code() -> None:
    offenders = [
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if "tests" not in path.parts and re.search(r"<[a-z]+[^>\n]* style=|<style", path.read_text(encoding="utf-8"))
    ]

    assert offenders == []


@pytest.mark.parametrize("path", sorted(COMPONENTS.glob("*.html")), ids=lambda path: path.stem)
def test_component_names_its_variables(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]

    assert re.match(r"\{# .*(Variables: |No variables).* #\}$", first)


def test_templates_address_only_icons_that_exist() -> None:
    from shian.kernel.ui.icons import icon_paths

    known = icon_paths()
    used = {
        name
        for path in PACKAGE.rglob("*.html")
        for name in re.findall(r'{% icon "([\w-]+)"', path.read_text(encoding="utf-8"))
    }

    assert used - set(known) == set()


def test_templates_use_only_classes_that_are_styled() -> None:
    """One-off classes in a domain are a smell: what a page needs is a component with its own rule."""
    sheets = [*FRONTEND.glob("styles/*.css"), *FRONTEND.glob("islands/*/*.css")]
    styles = "".join(path.read_text(encoding="utf-8") for path in sheets)
    styled = set(re.findall(r"\.(sh-[\w-]+)", styles))
    offenders = {
        f"{path.relative_to(PACKAGE)}: {name}"
        for path in PACKAGE.rglob("*.html")
        for value in re.findall(r'class="([^"]*)"', path.read_text(encoding="utf-8"))
        for name in re.sub(r"\S*\{[%{].*?[%}]\}\S*", " ", value).split()
        if name.startswith("sh-") and name not in styled
    }

    assert offenders == set()


def _themes() -> dict[str, dict[str, str]]:
    light, dark = re.split(r"\n\[data-bs-theme='dark'\] \{", TOKENS.read_text(encoding="utf-8"), maxsplit=1)
    pattern = r"--sh-([\w-]+): (#[0-9a-f]{6});"
    return {"light": dict(re.findall(pattern, light)), "dark": dict(re.findall(pattern, dark))}


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


PAIRS = [
    *product(["text", "text-2", "text-3", "link"], ["page", "surface"]),
    *((state, f"{state}-soft") for state in ("done", "due", "overdue", "waiting")),
    ("text", "sunken"),
    ("text-2", "sunken"),
    ("link", "accent-soft"),
    ("on-accent", "accent"),
]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_is_readable_on_its_ground(theme: str, text: str, ground: str) -> None:
    colours = _themes()[theme]

    assert contrast(colours[text], colours[ground]) >= 4.5
