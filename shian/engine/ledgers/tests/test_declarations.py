"""Declarations: every pack loads; a mistake names file and key."""

import pytest

from shian.engine.ledgers.declarations import all_ledgers, ledger, read_ledger
from shian.engine.ledgers.fields import DeclarationInvalid

GOOD = """
key: things
title: 物品台账
key_fields: [code]
area: area_code
valid: {from: since, to: until}
fields:
  - {name: code, title: 编号, type: string, constraints: {required: true}}
  - {name: area_code, title: 区划代码, type: string}
  - {name: since, title: 启用日期, type: date}
  - {name: until, title: 停用日期, type: date}
  - {name: year, title: 年度, type: year}
  - {name: kind, title: 类别, type: string, constraints: {enum: [甲, 乙]}}
checks:
  - {if: {until: {not_null: true}}, then: {until: {ge_field: since}}, message: 停用早于启用, remedy: 请核对}
"""


def test_every_shipped_ledger_loads():
    shipped = all_ledgers()

    assert len(shipped) >= 31
    assert all(each.title and each.key_fields for each in shipped.values())


def test_a_declaration_becomes_a_ledger(tmp_path):
    path = tmp_path / "things.yaml"
    path.write_text(GOOD)

    found = read_ledger(path)

    assert (found.area, found.valid_from, found.valid_to, found.year_field) == ("area_code", "since", "until", "year")
    assert found.by_name["kind"].enum == ("甲", "乙")
    assert found.by_name["code"].is_required
    assert found.checks[0].remedy == "请核对"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("key: things", "key: Things!", "key"),
        ("title: 物品台账", "title: ''", "title"),
        ("key_fields: [code]", "key_fields: [number]", "number"),
        ("key_fields: [code]", "key_fields: []", "key_fields"),
        ("type: year", "type: decade", "decade"),
        ("area: area_code", "area: place", "place"),
        ("valid: {from: since, to: until}", "valid: {from: code}", "type date"),
        ("{ge_field: since}", "{about: since}", "about"),
        ("{ge_field: since}", "{ge_field: begin}", "begin"),
        ("key: things", "key: things\ncolour: red", "colour"),
        ("key: things", "key: things\nexpected: {subjects: dogs, title: x}", "expected"),
    ],
)
def test_a_mistake_names_file_and_key(tmp_path, old, new, said):
    path = tmp_path / "things.yaml"
    path.write_text(GOOD.replace(old, new))

    with pytest.raises(DeclarationInvalid, match=rf"things\.yaml: .*{said}"):
        read_ledger(path)


def test_a_file_that_is_no_yaml_is_said(tmp_path):
    path = tmp_path / "broken.yaml"
    path.write_text("key: [")

    with pytest.raises(DeclarationInvalid, match=r"broken\.yaml"):
        read_ledger(path)


def test_an_unknown_ledger_is_a_lookup_error():
    with pytest.raises(LookupError):
        ledger("nothing")


def test_two_files_cannot_declare_the_same_ledger(tmp_path, settings):
    (tmp_path / "ledgers").mkdir()
    for name in ("a", "b"):
        (tmp_path / "ledgers" / f"{name}.yaml").write_text(GOOD)
    settings.SHIAN_PACKS = tmp_path

    with pytest.raises(DeclarationInvalid, match="declared twice"):
        all_ledgers()
