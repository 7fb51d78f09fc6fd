"""Loading an edition from both forms, superseding, and what a bad file answers."""

from datetime import date

import pytest
import yaml
from django.conf import settings

from shian.domains.campaign.actions import import_standard, load_standard, put_in_force
from shian.domains.campaign.models import Indicator, IndicatorMeasure, Point, Standard
from shian.domains.campaign.queries.wording import problem_texts
from shian.domains.campaign.rules.packs import StandardInvalid
from shian.domains.campaign.tests.factories import AT, make_standard
from shian.kernel.notary.models import Entry

pytestmark = pytest.mark.django_db
CRITERIA = settings.SHIAN_PACKS / "criteria"


@pytest.mark.parametrize("name", ["2021.yaml", "2021.xlsx"])
def test_both_forms_yield_6_sections_38_points_and_94_items(name):
    standard = load_standard(path=CRITERIA / name, by="office", at=AT)

    assert standard.sections.count() == 6
    assert Point.objects.filter(section__standard=standard, number__gt=0).count() == 38
    assert standard.indicators.count() == 94
    assert IndicatorMeasure.objects.filter(indicator__standard=standard).count() == 48
    assert standard.indicators.filter(primary_channel="field").count() == 39
    assert Entry.objects.filter(action="campaign.standard_loaded").exists()


def test_declared_counts_stand_beside_the_obtained_ones():
    standard = load_standard(path=CRITERIA / "2021.yaml", by="office", at=AT)

    assert [standard.declared[name] for name in ("points", "document", "field", "unstated")] == [36, 45, 39, 10]


def test_an_inferred_lead_counts_as_no_lead():
    standard = load_standard(path=CRITERIA / "2021.yaml", by="office", at=AT)

    without = [row.code for row in standard.indicators.all() if not row.stated_leads]
    assert without == ["1.9.3"]


def test_loading_the_same_content_again_changes_nothing():
    first = load_standard(path=CRITERIA / "2021.yaml", by="office", at=AT)
    second = load_standard(path=CRITERIA / "2021.yaml", by="office", at=AT)

    assert first == second
    assert Standard.objects.count() == 1


def test_weights_come_with_the_edition_and_sum_to_120():
    scoring = make_standard().scorings.get()

    assert scoring.is_illustrative
    assert sum(map(float, scoring.weights.values())) == pytest.approx(120)
    assert float(scoring.weights["6.0.4"]) == 0
    assert scoring.rules["items"]["4.24.1"]["version"] == "pro-rata-1"


def test_a_second_edition_supersedes_the_first_on_its_day():
    old = make_standard()
    pack = yaml.load((CRITERIA / "2021.yaml").read_bytes(), yaml.CSafeLoader)
    pack["meta"]["key"] = "2024"
    new = import_standard(content=yaml.safe_dump(pack).encode(), name="2024.yaml", by="office", at=AT)

    put_in_force(standard=new, from_on=date(2024, 1, 1), by="office", at=AT)

    old.refresh_from_db()
    assert (old.state, old.superseded_on) == ("superseded", date(2024, 1, 1))
    with pytest.raises(StandardInvalid) as caught:
        put_in_force(standard=old, by="office", at=AT)
    assert "已被取代" in problem_texts(caught.value)[0]


def test_a_bad_pack_names_item_and_field():
    pack = yaml.load((CRITERIA / "2021.yaml").read_bytes(), yaml.CSafeLoader)
    item = pack["sections"][0]["points"][0]["indicators"][0]
    item.update(primary_channel="phone", lead=["NOBODY"])

    with pytest.raises(StandardInvalid) as caught:
        import_standard(content=yaml.safe_dump(pack).encode(), name="2021.yaml", by="office", at=AT)

    assert problem_texts(caught.value) == [
        "评价内容 1.1.1：主渠道“phone”不在 document、field、external、veto 之内。",
        "评价内容 1.1.1：部门代码 NOBODY 不在部门表中。",
    ]
    assert not Standard.objects.exists()


def test_a_bad_workbook_names_sheet_row_and_column(tmp_path):
    import xlsxwriter
    from python_calamine import load_workbook

    book = load_workbook(CRITERIA / "2021.xlsx")
    out = xlsxwriter.Workbook(tmp_path / "2021.xlsx")
    for name in book.sheet_names:
        sheet = out.add_worksheet(name)
        for line, row in enumerate(book.get_sheet_by_name(name).to_python()):
            cells = list(row)
            if (name, line) == ("评价内容", 3):
                cells[10] = "火星局"
            sheet.write_row(line, 0, cells)
    out.close()

    with pytest.raises(StandardInvalid) as caught:
        load_standard(path=tmp_path / "2021.xlsx", by="office", at=AT)

    assert problem_texts(caught.value) == ["工作表“评价内容”第 4 行“牵头单位”：“火星局”不认识，请改为表中已有的名称。"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [("a.pdf", b"x", "请上传 XLSX 或 YAML"), ("a.yaml", b"- 1", "缺少 meta"), ("a.xlsx", b"zzz", "工作簿无法读取")],
)
def test_other_files_are_refused_with_a_sentence(name, content, message):
    with pytest.raises(StandardInvalid) as caught:
        import_standard(content=content, name=name, by="office", at=AT)

    assert message in problem_texts(caught.value)[0]


def test_items_of_the_standard_name_only_known_measures_or_reasons():
    make_standard()

    assert not IndicatorMeasure.objects.filter(measure="", unknown_reason="").exists()
    assert Indicator.objects.exclude(supporting=[]).exists()
