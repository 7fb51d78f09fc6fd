"""Headings are understood in every language of the pages, whichever language reads the file."""

from pathlib import Path

import pytest
from django.db import transaction
from django.utils.translation import gettext_lazy, override

from shian.kernel.imports.headings import find_field, titles_of
from shian.kernel.imports.readers import open_table
from shian.kernel.imports.rules import heading_keys
from shian.kernel.imports.specs import ImportField, ImportSpec, Target, importers
from shian.kernel.imports.staging import staging
from shian.kernel.imports.tests.files import csv_file

PEOPLE = ImportSpec(
    key="people",
    title="人员",
    natural_key=("code",),
    fields=(ImportField("code", gettext_lazy("人员编号"), required=True), ImportField("name", gettext_lazy("姓名"))),
    target=Target(table="people", key=("code",), columns={"code": "s.code"}),
)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("headings", [["人员编号", "姓名"], ["Person number", "Name"]])
def test_chinese_and_english_headings_match(tmp_path: Path, language: str, headings: list[str]) -> None:
    path = csv_file(tmp_path / "a.csv", [headings, ["1", "甲"]])

    with override(language), open_table(path, "csv", PEOPLE) as opened:
        assert opened.matched.positions == {"code": 0, "name": 1}


def test_stated_total_is_found_by_its_chinese_heading_on_an_english_page() -> None:
    with override("en"):
        found = find_field(PEOPLE, "人员编号")

    assert found is PEOPLE.fields[0]


def test_no_importer_has_two_fields_of_one_heading() -> None:
    for spec in importers():
        names: dict[str, str] = {}
        for each in spec.fields:
            for title in (*titles_of(each), each.name, *each.aliases):
                assert names.setdefault(heading_keys(title)[0], each.name) == each.name, (spec.key, title)


@pytest.mark.django_db
@pytest.mark.parametrize("spec", importers(), ids=lambda spec: spec.key)
def test_every_importer_can_lay_out_its_rows(spec: ImportSpec) -> None:
    with transaction.atomic(), staging(spec, "import_0", {}):
        pass
