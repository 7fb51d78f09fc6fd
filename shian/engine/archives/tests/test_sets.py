"""What a set is made of, without a database: names that every file system takes, personal data masked."""

import pytest

from shian.engine.archives.packing import safe_name
from shian.engine.archives.rows import _masked
from shian.engine.archives.sets import SetAsk, SetContent, SetKind, UnknownSet, set_kind
from shian.kernel.ui.tables import Cell, Column, Row


@pytest.mark.parametrize(
    ("asked", "safe"),
    [
        ("1.1.1 党政同责", "1.1.1 党政同责"),
        ("a/b\\c:d*e?.pdf", "a b c d e .pdf"),
        ("../../etc/passwd", "etc passwd"),
        ("字" * 90 + ".docx", "字" * 60 + ".docx"),
        ("字" * 90, "字" * 60),
        ("...", "_"),
    ],
)
def test_a_name_fits_every_file_system(asked: str, safe: str) -> None:
    assert safe_name(asked) == safe


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(UnknownSet):
        set_kind("nobody registers this")


def test_names_and_numbers_of_persons_are_masked_and_businesses_are_not() -> None:
    columns = (Column("name", "名称"), Column("contact", "联系人"), Column("phone", "联系电话"))
    row = Row({"name": "安次区王明面馆", "contact": Cell("王小明"), "phone": "13800001234"})

    (masked,) = _masked(columns, iter([row]))

    assert masked.cells == {"name": "安次区王明面馆", "contact": "王*明", "phone": "138****1234"}


def test_a_kind_gives_the_content_of_its_ask() -> None:
    def content(ask: SetAsk) -> SetContent:
        return SetContent(f"{ask.area}", "某市", [], [])

    assert SetKind("x", "x", content).content(SetAsk("1310", None, None)).title == "1310"  # type: ignore[arg-type]
