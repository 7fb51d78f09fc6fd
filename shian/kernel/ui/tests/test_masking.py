"""The masks of §1.9, and that whatever draws a declared value masks it."""

import pytest

from shian.kernel.ui.masking import Personal, masked, masked_for_public
from shian.kernel.ui.pieces import Fact
from shian.kernel.ui.tables import Cell, Column, Row, Table

PHONE = "13900000000"


@pytest.mark.parametrize(
    ("kind", "value", "inside", "public"),
    [
        ("name", "王明", "王*", "王**"),
        ("name", "王小明", "王*明", "王**"),
        ("name", "欧阳小明", "欧阳*明", "欧阳**"),
        ("name", "欧阳明", "欧阳*", "欧阳**"),
        ("name", "王", "王*", "王**"),
        ("identity", "131002199001010010", "131002********0010", ""),
        ("identity", "A1234567", "******67", ""),
        ("phone", "13900001234", "139****1234", ""),
        ("phone", "2233445", "*****45", ""),
        ("address", "河北省廊坊市固安县柳泉镇幸福路1号", "河北省廊坊市固安县柳泉镇***", "河北省廊坊市固安县***"),
        ("address", "廊坊市广阳区银河北路街道金光道2号", "廊坊市广阳区银河北路街道***", "廊坊市广阳区***"),
        ("address", "霸州市幸福路1号", "霸州市***", "霸州市***"),
        ("address", "廊坊市霸州市胜芳镇1号", "廊坊市霸州市胜芳镇***", "廊坊市霸州市***"),
        ("address", "幸福路1号", "***", "***"),
        ("account", "6222021001116245702", "***************5702", ""),
        ("account", "1234", "****", ""),
        ("plate", "冀R·12312", "冀R·***12", "冀R·*****"),
        ("plate", "冀R12312", "冀R***12", "冀R*****"),
    ],
)
def test_masks_keep_what_may_be_told(kind: str, value: str, inside: str, public: str) -> None:
    assert masked(kind, value) == inside
    assert masked_for_public(kind, value) == public


@pytest.mark.parametrize("kind", Personal)
def test_nothing_stays_nothing(kind: Personal) -> None:
    assert masked(kind, None) == masked(kind, "") == masked_for_public(kind, None) == ""


def test_an_unknown_kind_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="surname"):
        masked("surname", "王")


@pytest.mark.parametrize("value", [PHONE, Cell(PHONE), Cell(PHONE, url="/x/", note="办公")])
def test_a_table_masks_a_declared_column(value: object) -> None:
    table = Table([Column("phone", "电话", personal=Personal.PHONE)], [Row({"phone": value}, url="/y/")])

    assert "139****0000" in table.body
    assert PHONE not in table.body


def test_a_revealed_cell_is_shown_in_full() -> None:
    table = Table([Column("phone", "电话", personal=Personal.PHONE)], [Row({"phone": Cell(PHONE, is_revealed=True)})])

    assert PHONE in table.body


def test_a_fact_forgets_what_it_masks() -> None:
    hidden, shown = (Fact("电话", PHONE, personal=Personal.PHONE, is_revealed=each) for each in (False, True))

    assert PHONE not in repr(hidden) + hidden.html
    assert PHONE in shown.html
