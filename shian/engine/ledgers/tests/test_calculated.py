"""Calculated fields: SQL from a formula, mistakes named, nothing typed."""

import pytest

from shian.engine.ledgers.calculated import FormulaInvalid, formula_sql
from shian.engine.ledgers.declarations import read_ledger
from shian.engine.ledgers.fields import DeclarationInvalid
from shian.engine.ledgers.forms import RowForm
from shian.engine.ledgers.imports import spec_of

TYPES = {"stock": "number", "sampled": "number", "from": "date", "asked": "date", "done": "date", "name": "string"}
GOOD = """
key: stocks
title: 库存台账
key_fields: [store]
fields:
  - {name: store, title: 库点, type: string, constraints: {required: true}}
  - {name: stock, title: 库存, type: number}
  - {name: sampled, title: 监测, type: number}
  - {name: coverage, title: 覆盖, type: number, formula: sampled / stock * 100, decimals: 1}
"""


def test_a_formula_becomes_sql_that_survives_zero():
    assert formula_sql("sampled / stock * 100", TYPES, 1) == (
        "ROUND(((s.sampled::numeric / NULLIF(s.stock::numeric, 0)) * 100::numeric), 1)"
    )
    assert formula_sql("done - asked", TYPES, 0) == "ROUND((s.done - s.asked)::numeric, 0)"


@pytest.mark.parametrize(
    "formula", ["stock +", "name * 2", "stock ** 2", "missing", "stock + done", "pg_sleep(9)", "'x'"]
)
def test_what_is_no_number_of_the_row_is_refused(formula):
    with pytest.raises(FormulaInvalid):
        formula_sql(formula, TYPES)


def declared(tmp_path, text):
    path = tmp_path / "stocks.yaml"
    path.write_text(text, encoding="utf-8")
    return read_ledger(path)


def test_a_calculated_field_is_neither_imported_nor_typed(tmp_path):
    ledger = declared(tmp_path, GOOD)

    assert [each.name for each in spec_of(ledger).fields] == ["store", "stock", "sampled"]
    assert list(RowForm(ledger=ledger).fields) == ["store", "stock", "sampled"]
    assert "'coverage', ROUND(" in spec_of(ledger).target.columns["data"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("sampled / stock", "sampled / store"),
        ("coverage, title: 覆盖, type: number", "coverage, title: 覆盖, type: string"),
        ("key_fields: [store]", "key_fields: [store, coverage]"),
    ],
)
def test_a_calculated_field_that_others_rely_on_is_refused(tmp_path, old, new):
    with pytest.raises(DeclarationInvalid, match=r"stocks\.yaml"):
        declared(tmp_path, GOOD.replace(old, new))
