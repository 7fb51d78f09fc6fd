"""packs/exchange: systems and reports that the city ships can be read, and mistakes name their place."""

from pathlib import Path

import pytest

from shian.engine.exchange import declarations
from shian.engine.exchange.declarations import ExchangeInvalid, all_reports, all_systems, report, system
from shian.engine.measures.declarations import measure, source_of
from shian.kernel.imports.specs import importer


def test_six_outside_systems_and_the_province_are_declared() -> None:
    assert set(all_systems()) == {
        "hebei_coldchain", "hebei_market_sale", "hebei_farm_products", "national_12315", "national_credit",
        "national_duty_report", "hebei_statistics",
    }  # fmt: skip


@pytest.mark.parametrize("key", sorted(all_systems()))
def test_every_system_works_without_a_connection(key: str) -> None:
    """What is read has an importer that exists; what is only written has a report."""
    found = system(key)

    assert found.how == "file"
    assert [importer(each).key for each in found.importers] == list(found.importers)
    has_report = any(each.system == key for each in all_reports().values())
    assert found.importers if found.is_read else has_report


@pytest.mark.parametrize("key", sorted(all_reports()))
def test_every_report_names_a_system_and_columns_that_exist(key: str) -> None:
    found = report(key)

    assert found.system in all_systems()
    if found.level:
        assert [measure(each.source).key for each in found.columns] == [each.source for each in found.columns]
    else:
        known = {column.key for column in source_of(found.source).columns}
        assert {each.source for each in found.columns} | {found.key_column, found.count_by} <= known


def test_a_report_over_rows_and_areas_at_once_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("{key: x, title: x, system: x, source: operators, level: county}")

    with pytest.raises(ExchangeInvalid, match=r"x\.yaml: exactly one"):
        declarations._reports(tmp_path)


def test_an_unknown_direction_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "systems.yaml"
    path.write_text("systems: [{key: x, title: x, unit: x, level: x, direction: up, how: file, content: x}]")

    with pytest.raises(ExchangeInvalid, match="direction"):
        declarations._systems(path)


def test_another_code_makes_another_definition() -> None:
    from dataclasses import replace

    found = report("duty_operators")

    assert replace(found, columns=found.columns[1:]).digest != found.digest
