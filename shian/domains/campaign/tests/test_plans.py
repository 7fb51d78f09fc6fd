"""Importing Wei county's plan reports exactly the smuggling clause as without lead (A-03)."""

from datetime import date

import pytest
import yaml
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from shian.domains.campaign.actions import load_plan
from shian.domains.campaign.models import Catalogue, Duty, Standard
from shian.domains.campaign.queries.wording import problem_texts
from shian.domains.campaign.rules.plans import PlanInvalid, clauses_in, plan_shares
from shian.domains.campaign.tests.factories import AT, make_user
from shian.kernel.accounts.models import Role
from shian.kernel.notary.models import Entry

DUE = date(2023, 12, 31)
CLAUSE = {"no": 1, "title": "甲", "indicators": ["1.1.1"], "lead": ["FSCO"], "responsible": ["TOWN"]}


def content() -> bytes:
    return (settings.SHIAN_PACKS / "criteria" / "weixian-plan.yaml").read_bytes()


def load(text: bytes | None = None):
    given = {"standard": Standard.objects.get(), "area": "131022", "due_on": DUE, "by": "alice", "at": AT}
    return load_plan(content=text or content(), **given)


@pytest.mark.django_db
def test_exactly_the_smuggling_clause_has_no_lead(city):
    loaded = load()

    assert len(loaded.clauses) == 74
    assert [clause.title for clause in loaded.without_lead] == ["走私食品查处"]
    assert [clause.title for clause in loaded.without_responsible] == ["职业化检查队伍"]
    assert sum(bool(clause.lead and clause.responsible) for clause in loaded.clauses) == 72


@pytest.mark.django_db
def test_the_plan_becomes_the_department_catalogue_of_the_area(city):
    catalogue = load().catalogue

    assert (catalogue.kind, catalogue.state, catalogue.county, catalogue.due_on) == (
        "department", "drafted", "131022", DUE,
    )  # fmt: skip
    smuggling = Duty.objects.filter(catalogue=catalogue, indicator__code="1.9.3")
    assert set(smuggling.values_list("role", flat=True)) == {"责任"}
    assert all(duty.lead_names == [] and duty.target == "走私食品查处" for duty in smuggling)
    assert set(Duty.objects.filter(catalogue=catalogue).values_list("county", flat=True)) == {"131022"}
    assert Duty.objects.filter(catalogue=catalogue).values("indicator").distinct().count() == 89
    assert Entry.objects.get(action="campaign.plan_loaded").data["without_lead"] == ["走私食品查处"]


@pytest.mark.django_db
def test_a_second_plan_replaces_the_draft(city):
    load()
    load()

    assert Catalogue.objects.count() == 1


@pytest.mark.django_db
def test_the_page_names_the_clause_and_the_item(client, city):
    client.force_login(make_user("dora", Role.OFFICE, "131022"))
    file = SimpleUploadedFile("plan.yaml", content())

    html = client.post(
        reverse("campaign:plan_upload"), {"file": file, "due_on": "2023-12-31"}, follow=True
    ).content.decode()

    assert "已导入 74 条任务" in html
    assert "没有牵头单位的条款：走私食品查处" in html
    assert "没有责任单位的条款：职业化检查队伍" in html
    assert html.count("1.9.3 走私食品查处") >= 1
    assert reverse("campaign:plan_upload") in client.get(reverse("campaign:catalogue_list")).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "words"),
    [(b"a: [", "不是有效的 YAML"), (b"\xff\xfe\x00", "不是有效的 YAML"), (b"- 1", "没有任何任务条款"),
     (yaml.dump({"clauses": [CLAUSE | {"indicators": ["9.9.9"]}]}).encode(), "9.9.9 不在细则中")],
)  # fmt: skip
def test_a_wrong_file_is_refused_in_the_form(client, city, text, words):
    client.force_login(make_user("dora", Role.OFFICE, "131022"))

    html = client.post(
        reverse("campaign:plan_upload"), {"file": SimpleUploadedFile("p.yaml", text), "due_on": "2023-12-31"}
    ).content.decode()

    assert words in html
    assert not Catalogue.objects.exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [({"title": ""}, "缺少标题"), ({"indicators": []}, "没有对应的评价内容"), ({"indicators": ["2.0"]}, "不在细则中"),
     ({"lead": [], "responsible": []}, "既没有牵头单位"), ({"lead": ["XX"]}, "不在部门表中")],
)  # fmt: skip
def test_every_problem_names_its_clause(change, words):
    with pytest.raises(PlanInvalid) as caught:
        clauses_in({"clauses": [CLAUSE | change]}, "2021", {"1.1.1"}, {"FSCO", "TOWN"})

    (sentence,) = problem_texts(caught.value)
    assert sentence.startswith("第 1 条")
    assert words in sentence


def test_a_plan_of_another_standard_is_refused():
    with pytest.raises(PlanInvalid) as caught:
        clauses_in({"meta": {"standard": "2017"}, "clauses": [CLAUSE]}, "2021", {"1.1.1"}, {"FSCO", "TOWN"})

    assert problem_texts(caught.value) == ["任务分工属于细则 2017，不是 2021。"]


def test_who_leads_an_item_in_any_clause_leads_it():
    other = CLAUSE | {"no": 2, "lead": ["TOWN"], "responsible": ["FSCO"]}

    shares = plan_shares(clauses_in({"clauses": [CLAUSE, other]}, "2021", {"1.1.1"}, {"FSCO", "TOWN"}))

    assert {(share.audience, share.role) for share in shares} == {("FSCO", "牵头"), ("TOWN", "牵头")}
