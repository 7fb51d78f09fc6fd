"""`make new-domain` leaves nothing to repair: its texts have an English, its page is in the table of access."""

import shutil
from pathlib import Path

import pytest

from tests.architecture.sources import PROJECT
from tools import new_domain, translations

TOUCHED = ("shian/config/settings.py", "shian/config/urls.py", "tests/access/test_every_page.py", "docs/glossary.md")


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    po = translations.PO.relative_to(PROJECT)
    for name in (*TOUCHED, str(po)):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT / name, tmp_path / name)
    monkeypatch.setattr(new_domain, "PROJECT", tmp_path)
    monkeypatch.setattr(new_domain, "DOMAINS", tmp_path / "shian" / "domains")
    monkeypatch.setattr(translations, "PO", tmp_path / po)
    return tmp_path


def test_a_scaffolded_domain_has_its_english_and_its_line_of_access(copy: Path) -> None:
    assert new_domain.main("teapots", "茶壶") == 0

    made = copy / "shian" / "domains" / "teapots"
    texts = {message for path in made.rglob("*.html") for _line, message, _context in translations.messages_of(path)}
    english = {message: translations.stored().get(message) for message in texts}
    assert texts == {"茶壶"}
    assert {message: found.string for message, found in english.items() if found} == {"茶壶": "Teapots"}
    pages = (copy / "tests/access/test_every_page.py").read_text(encoding="utf-8")
    compile(pages, "test_every_page.py", "exec")
    assert pages.index('"teapots:teapots_overview": Page(),\n}') < pages.index("\nOPEN")
    assert (copy / "docs/glossary.md").read_text(encoding="utf-8").endswith("| 茶壶 | teapots | |\n")
    assert '"shian.domains.teapots",' in (copy / "shian/config/settings.py").read_text(encoding="utf-8")


def test_a_text_that_has_its_english_keeps_it(copy: Path) -> None:
    assert new_domain.main("answers", "是") == 0

    known = translations.stored().get("是")
    assert known is not None
    assert known.string == "Yes"
