"""Three catalogues: everybody's duties, nothing left over, the inferred lead named."""

from datetime import date

import pytest

from shian.domains.campaign.actions import (
    CatalogueRefused,
    acknowledge_duties,
    draft_catalogues,
    issue_catalogue,
    load_bureau_sections,
)
from shian.domains.campaign.actions.catalogues import candidate
from shian.domains.campaign.models import BureauSection, Catalogue, Duty, Standard
from shian.domains.campaign.queries.catalogues import bureau_sections_at, is_undivided
from shian.domains.campaign.queries.wording import target_text
from shian.domains.campaign.rules.catalogues import Candidate, unassigned
from shian.domains.campaign.tests.factories import AT, make_organisation
from shian.kernel.notary.models import Entry

pytestmark = pytest.mark.django_db
DUE = date(2023, 6, 30)


def draft():
    return draft_catalogues(standard=Standard.objects.get(), area="131000", due_on=DUE, by="office", at=AT)


def test_each_of_the_94_items_is_in_at_least_one_catalogue(city):
    found = draft()

    assert set(found) == {"county", "department", "section"}
    assert Duty.objects.values("indicator").distinct().count() == 94


def test_county_catalogue_is_item_by_county(city):
    duties = draft()["county"].duties

    assert set(duties.values_list("audience_name", flat=True)) == {"安次区", "固安县"}
    assert not duties.filter(indicator__code="4.24.1").exists()
    assert duties.filter(county="131022").count() == duties.filter(county="131002").count() == 83


def test_an_inferred_lead_does_not_lead(city):
    duties = draft()["department"].duties.filter(indicator__code="1.9.3")

    assert set(duties.values_list("role", flat=True)) == {"责任"}
    assert duties.first().lead_names == []


def test_the_citys_table_gives_science_items_to_its_science_bureau(city):
    make_organisation("SCIENCE", short_name="市科技局")

    duties = draft()["department"].duties

    assert duties.filter(indicator__code="5.34.1", audience="SCIENCE", audience_name="市科技局", role="牵头").exists()
    assert not duties.filter(indicator__code="5.34.1", audience="NDRC").exists()


def test_sections_share_the_items_of_the_market_bureau(city):
    duties = draft()["section"].duties

    assert duties.filter(indicator__code="2.15.1", audience="抽检科").exists()
    with_bureau = [
        row for row in Standard.objects.get().indicators.all() if "SAMR" in {*row.stated_leads, *row.responsible_codes}
    ]
    assert duties.values("indicator").distinct().count() == len(with_bureau)


def test_targets_are_quantified_in_words(city):
    target = draft()["county"].duties.filter(indicator__code="1.6.3").first().target

    assert target == "库存粮监测覆盖比例不低于25%；库存粮问题处置率达到100%"


def test_issuing_again_revises_the_issued_one(city):
    first = issue_catalogue(catalogue=draft()["county"], by="office", at=AT)
    second = issue_catalogue(catalogue=draft()["county"], by="office", at=AT)

    first.refresh_from_db()
    assert (first.state, second.state, second.revision) == ("revised", "issued", 2)
    assert Entry.objects.filter(action="campaign.catalogue_issued").count() == 2
    with pytest.raises(CatalogueRefused, match="只有草拟"):
        issue_catalogue(catalogue=second, by="office", at=AT)


def test_drafting_again_replaces_drafts_only(city):
    issue_catalogue(catalogue=draft()["county"], by="office", at=AT)
    draft()
    draft()

    assert Catalogue.objects.filter(kind="county").count() == 2
    assert Catalogue.objects.filter(kind="section").count() == 1


def test_a_county_acknowledges_its_duties_once_issued(city):
    catalogue = draft()["county"]
    with pytest.raises(CatalogueRefused, match="下发后"):
        acknowledge_duties(catalogue=catalogue, audiences=["131022"], by="gu", at=AT)
    catalogue = issue_catalogue(catalogue=catalogue, by="office", at=AT)

    count = acknowledge_duties(catalogue=catalogue, audiences=["131022"], by="gu", at=AT)

    assert count == 83
    assert not catalogue.duties.filter(county="131002", acknowledged_at__isnull=False).exists()


def test_a_county_of_its_own_splits_the_items_of_townships(city):
    duties = draft_catalogues(
        standard=Standard.objects.get(), area="131022", due_on=DUE, by="office", at=AT
    )["county"].duties  # fmt: skip

    assert set(duties.values_list("audience_name", flat=True)) == {"固安镇", "宫村镇"}
    assert all("township" in duty.indicator.levels for duty in duties.select_related("indicator"))


def test_a_city_without_a_table_of_sections_gets_one_catalogue_undivided(city):
    make_organisation("SAMR", short_name="市市场监管局")
    BureauSection.objects.all().delete()

    catalogue = draft()["section"]

    assert set(catalogue.duties.values_list("audience", "audience_name")) == {("SAMR", "市市场监管局")}
    assert is_undivided(catalogue)
    assert catalogue.duties.count() == catalogue.duties.values("indicator").distinct().count()


def test_each_area_and_day_has_its_own_sections(city, tmp_path):
    standard = Standard.objects.get()
    path = tmp_path / "bureau_sections.yaml"
    for area, since, name in (("131100", "2022-01-01", "食品科"), ("131000", "2023-01-01", "新科")):
        path.write_text(f"{{area: '{area}', effective_from: {since}, sections: [{{name: {name}, points: [1]}}]}}")
        assert load_bureau_sections(path=path, standard=standard, by="office", at=AT) == 1

    assert list(bureau_sections_at(standard, "1310", date(2022, 12, 31)))[:2] == ["食品协调科", "食品生产科"]
    assert bureau_sections_at(standard, "1310", date(2023, 1, 1)) == {"新科": [1]}
    assert bureau_sections_at(standard, "1311", DUE) == {"食品科": [1]}
    assert bureau_sections_at(standard, "1309", DUE) == {}


def test_an_item_without_any_unit_is_named():
    lonely = Candidate("9.9.9", 9, "无主", frozenset({"city"}), (), ())

    assert unassigned([lonely], [], []) == ["9.9.9"]
    assert target_text(lonely) == "无主达到评价要求，佐证材料齐全"


def test_candidates_carry_stated_leads_only(city):
    row = Standard.objects.get().indicators.get(code="1.9.3")

    assert candidate(row).leads == ()
