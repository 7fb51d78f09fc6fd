"""Declarations: what is refused, and what words a definition gets."""

from dataclasses import replace
from decimal import Decimal

import pytest

from shian.engine.ledgers.conditions import parse_conditions
from shian.engine.ledgers.declarations import ledger
from shian.engine.ledgers.fields import DeclarationInvalid
from shian.engine.measures.declarations import (
    Measure,
    MeasureInvalid,
    Part,
    all_measures,
    check_measure,
    levels_from,
    measure,
    source_of,
)
from shian.engine.measures.definitions import _from_packs, ledger_measure
from shian.engine.measures.wording import definition_text, levels_text, period_text
from shian.kernel.scope.rules import Level

GOOD = Measure("x.y", "测试", "家", (Level.CITY,), Part("operators"))


@pytest.mark.parametrize(
    "changes",
    [
        {"part": None},
        {"formula": "operators.total * 2"},
        {"period": "weekly"},
        {"levels": ()},
        {"part": Part("operators", "median", "kind")},
        {"part": Part("operators", "sum")},
        {"part": Part("operators", "sum", "turnover")},
        {"part": Part("operators", where=parse_conditions({"colour": "red"}))},
        {"period": "year"},
    ],
)
def test_a_declaration_that_cannot_be_computed_is_refused(changes):
    with pytest.raises(MeasureInvalid, match=r"x\.y"):
        check_measure(replace(GOOD, **changes), source_of)


def test_a_good_declaration_passes():
    check_measure(GOOD, source_of)


def test_every_declared_measure_can_be_computed_and_worded():
    for each in all_measures().values():
        check_measure(each, source_of)
        assert definition_text(each)
        assert period_text(each)
        assert levels_text(each)


def test_ledger_measures_need_no_code():
    assert measure("evaluative_sampling.pass_rate").whole == Part("ledger.evaluative_sampling", "sum", "tested")
    assert measure("budgets.paid_rate").scale == Decimal(100)
    assert source_of("ledger.budgets").year == "(t.data->>'year')::integer"


def test_an_unknown_key_in_a_pack_is_named():
    with pytest.raises(MeasureInvalid, match="colour"):
        ledger_measure(ledger("budgets"), {"key": "budgets.x", "title": "x", "colour": "red"})


def test_a_wrong_measure_in_a_pack_names_file_and_measure(tmp_path, settings):
    (tmp_path / "ledgers").mkdir()
    (tmp_path / "ledgers" / "things.yaml").write_text(
        "key: things\ntitle: 物品\nkey_fields: [code]\n"
        "fields: [{name: code, title: 编号, type: string}]\n"
        "measures: [{key: things.sum, title: 合计, aggregate: sum, column: weight, levels: [city]}]\n"
    )
    settings.SHIAN_PACKS = tmp_path

    with pytest.raises(DeclarationInvalid, match=r"things\.yaml: measures\.things\.sum: .*weight"):
        _from_packs(tmp_path)


def test_definitions_read_as_sentences():
    assert definition_text(measure("operators.caterers")) == "“主体台账”中主体类别为餐饮服务的记录数。"
    assert "级别为县" in definition_text(measure("areas.counties"))
    assert definition_text(measure("budgets.paid_rate")).endswith("，以百分数表示。")
    assert "早 2 年" in definition_text(measure("pesticides.cut_2y"))


def test_the_digest_changes_with_what_decides_the_value_only():
    assert replace(GOOD, title="另一个名称").digest == GOOD.digest
    assert replace(GOOD, part=Part("operators", where=parse_conditions({"kind": "三小"}))).digest != GOOD.digest


def test_levels_come_in_their_order():
    assert levels_from(["township", "city"]) == (Level.CITY, Level.TOWNSHIP)
