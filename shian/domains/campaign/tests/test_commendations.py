"""Commendation and accountability follow from a score or a finding; none is published without its number (A-18)."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.urls import reverse

from shian.domains.campaign.actions.appraisals import issue_appraisal
from shian.domains.campaign.actions.commendations import CommendationRefused, propose_commendation
from shian.domains.campaign.actions.unit_scores import confirm_ranking
from shian.domains.campaign.queries.commendations import cause_for, cause_of, cause_urls
from shian.domains.campaign.rules.commendations import CauseKey, read_cause
from shian.domains.campaign.tests import test_unit_scores as scored
from shian.domains.campaign.tests.factories import AS_OF, AT
from shian.domains.campaign.tests.loops import took
from shian.engine.cases.actions import CaseRefused, Given, merge_case, move_case
from shian.engine.cases.api.answers import event_told
from shian.engine.cases.declarations import case_type
from shian.engine.cases.models import Case
from shian.engine.cases.queries import awaiting
from shian.kernel.accounts.models import Role
from shian.kernel.notary.models import Entry
from shian.kernel.notary.queries import canonical_of
from shian.kernel.notary.rules import veiled
from shian.kernel.scope.models import OutOfReach

pytestmark = pytest.mark.django_db
units, evaluation = scored.units, scored.evaluation
TOLD = {
    "kind": "通报批评", "target_unit": "AGRI局", "target_person": "王小明", "target_post": "科长", "body": "连续逾期",
}  # fmt: skip
DECISION = {"decided_by": "市食安委", "decided_on": "2022-11-24", "consequence": "全市通报"}


@pytest.fixture
def ranking(evaluation):
    scored.judge(evaluation, scored.FIELD_OF_AGRI, "部分达标", ratio=D("0.5"))
    return confirm_ranking(area_key="1310", window=scored.NOVEMBER, by="office", at=AT)


@pytest.fixture
def alice(client, units):
    user = scored.staff("alice", Role.OFFICE, units["office"])
    client.force_login(user)
    return user


@pytest.fixture
def proposed(ranking, alice):
    return propose_commendation(cause="score:202211/1310-AGRI", told=TOLD, by=alice, at=AT)


def step(case, key, by="program", **given):
    case.refresh_from_db()
    took(case, key, by, AT, **given)
    case.refresh_from_db()


def decided(case, **more):
    step(case, "review", "second", note="同意")
    step(case, "decide", "third", data={**DECISION, **more})


@pytest.mark.parametrize(
    ("text", "key"),
    [("score:202211/1310-AGRI", CauseKey("score", "202211", "1310-AGRI")),
     ("case:card/创建办督〔2022〕1号", CauseKey("case", "card", "创建办督〔2022〕1号")),
     ("other:1/2", None), ("score:202211", None), ("score:/x", None), ("", None)],
)  # fmt: skip
def test_a_cause_is_read_from_its_text(text, key):
    assert read_cause(text) == key


def test_every_kind_of_cause_is_found_with_its_address(ranking, evaluation, units):
    card = scored.made(units["AGRI"], "创建办督〔2022〕1号", kind="card", due_on=AS_OF)
    made = issue_appraisal(area_key="1310", year=2022, due_on=AS_OF + timedelta(days=9), by="office", at=AT)
    entry = made.entries.get(unit__department_code="AGRI", unit__county="")
    wanted = {
        "score:202211/1310-AGRI": (
            "AGRI局 2022年11月 动态评价 60.00 分，第 1 名", "/campaign/ranking/units/1310-AGRI/?period=202211",
        ),
        "appraisal:2022/1310-AGRI": ("AGRI局 2022 年度考核 — 分，等次 —", f"/campaign/appraisals/units/{entry.pk}/"),
        "case:card/创建办督〔2022〕1号": ("督办卡 创建办督〔2022〕1号：事项 创建办督〔2022〕1号", f"/cases/{card.pk}/"),
        f"item:{scored.FIELD_OF_AGRI}/131000": (None, f"/campaign/items/{scored.FIELD_OF_AGRI}/?area=1310"),
    }  # fmt: skip

    for text, (label, url) in wanted.items():
        found = cause_of(text)
        assert found.url == url
        assert label is None or found.label == label
    for text in ("score:202210/1310-AGRI", "case:card/无", "item:9.9.9/131000", "item:1.1.1/abc", "appraisal:x/y"):
        assert cause_of(text) is None


def test_an_entry_that_a_file_brought_links_to_the_case_that_its_grounds_name(units):
    card = scored.made(units["AGRI"], "创建办督〔2022〕1号", kind="card", due_on=AS_OF)
    entry = scored.made(units["office"], "奖惩〔2022〕9号", kind="commendation", state="proposed",
                        data={"grounds": "督办卡 创建办督〔2022〕1号：检测室未运行"})  # fmt: skip

    assert cause_for(entry).url == f"/cases/{card.pk}/"
    entry.data = {"grounds": "群众反映"}
    assert cause_for(entry) is None


def test_a_list_finds_its_causes_in_three_statements(ranking, evaluation, units, django_assert_num_queries):
    card = scored.made(units["AGRI"], "创建办督〔2022〕1号", kind="card", due_on=AS_OF)
    made = issue_appraisal(area_key="1310", year=2022, due_on=AS_OF + timedelta(days=9), by="office", at=AT)
    pk = made.entries.get(unit__department_code="AGRI", unit__county="").pk
    wanted = {
        "score:202211/1310-AGRI": "/campaign/ranking/units/1310-AGRI/?period=202211",
        "appraisal:2022/1310-AGRI": f"/campaign/appraisals/units/{pk}/",
        "case:card/创建办督〔2022〕1号": f"/cases/{card.pk}/",
        f"item:{scored.FIELD_OF_AGRI}/131000": f"/campaign/items/{scored.FIELD_OF_AGRI}/?area=1310",
        "score:202210/1310-AGRI": None, "appraisal:x/y": None, "item:1.1.1/abc": None, "": None,
    }  # fmt: skip
    entries = [
        scored.made(units["office"], f"奖惩〔2022〕{place}号", kind="commendation", subject=subject)
        for place, subject in enumerate(wanted)
    ]
    told = {"grounds": "督办卡 创建办督〔2022〕1号：检测室未运行"}
    filed = scored.made(units["office"], "奖惩〔2022〕99号", kind="commendation", data=told)

    with django_assert_num_queries(3):
        found = cause_urls([*entries, filed])

    assert [found.get(each.pk) for each in entries] == list(wanted.values())
    assert found[filed.pk] == f"/cases/{card.pk}/"


def test_an_entry_without_a_cause_is_refused(ranking, alice):
    with pytest.raises(CommendationRefused, match="没有找到起因"):
        propose_commendation(cause="score:209901/1310-AGRI", told=TOLD, by=alice, at=AT)

    assert not Case.objects.filter(type="commendation").exists()


def test_an_entry_links_to_its_cause_and_its_title_names_nobody(proposed):
    assert proposed.subject == "score:202211/1310-AGRI"
    assert proposed.data["grounds"].startswith("AGRI局 2022年11月 动态评价")
    assert proposed.title == "通报批评：AGRI局工作人员"


def test_who_proposed_does_not_review(proposed, alice):
    with pytest.raises(CaseRefused, match="另一人"):
        step(proposed, "review", alice, note="同意")


def test_without_a_decision_number_nothing_is_published(proposed):
    decided(proposed)
    with pytest.raises(CaseRefused) as refused:
        step(proposed, "publish")
    assert refused.value.fields == {"decision_no": "没有填写决定文号，不能公布。"}
    assert proposed.state == "decided"

    step(proposed, "publish", data={"decision_no": "廊食安委〔2022〕8号"})
    step(proposed, "archive")

    assert (proposed.state, proposed.is_open) == ("archived", False)


def test_it_is_decided_only_after_the_review(proposed):
    with pytest.raises(CaseRefused):
        step(proposed, "decide", data=DECISION)


@pytest.mark.parametrize(
    ("field", "value", "words"), [("decided_on", "下周", "决定日期"), ("consequence", "长" * 301, "处理结果")]
)
def test_what_is_no_value_of_its_field_is_refused_whoever_sends_it(proposed, field, value, words):
    step(proposed, "review", "second", note="同意")

    with pytest.raises(CaseRefused) as refused:
        step(proposed, "decide", "third", data={**DECISION, field: value})

    assert list(refused.value.fields) == [field]
    assert refused.value.fields[field].startswith(f"{words}：")


def test_what_waits_for_a_unit_is_shown_to_who_may_see_its_type(proposed, alice, units):
    colleague = scored.staff("gu", Role.DEPARTMENT, units["office"])

    assert proposed in awaiting(alice)
    assert proposed not in awaiting(colleague)


def test_a_step_takes_no_value_that_it_does_not_ask_for(proposed):
    with pytest.raises(CaseRefused) as refused:
        step(proposed, "review", "second", note="同意", data={"target_person": "李四光"})

    assert refused.value.fields == {"target_person": "“审核”不填写对象姓名。"}


# seals


def sealed(case):
    return Entry.objects.filter(subject=f"cases.case:{case.pk}", action="cases.open").get()


def test_the_seal_holds_a_mask_and_a_digest_that_the_kept_key_proves(proposed):
    entry, event = sealed(proposed), proposed.events.get(step="open")

    assert "王小明" not in canonical_of(entry).decode()
    assert entry.data["field_target_person"] == "王*明"
    assert entry.data["veil_target_person"] == veiled("王小明", event.data["veil_target_person"])
    assert veiled("王大明", event.data["veil_target_person"]) != entry.data["veil_target_person"]
    assert event.data["field_target_person"] == "王小明"
    assert event.data["veil_target_person"] not in canonical_of(entry).decode()


def test_the_interface_tells_no_key_and_no_name(proposed):
    told = event_told(case_type("commendation"), proposed.events.get(step="open"))

    assert told["values"]["field_target_person"] == "王*明"
    assert not [key for key in told["values"] if key.startswith("veil_")]


@pytest.mark.parametrize("role", [Role.DEPARTMENT, Role.ASSESSOR, Role.REVIEWER, Role.COUNTY])
def test_the_seal_opens_to_who_keeps_commendations_alone(client, proposed, alice, units, role):
    pages = [reverse(f"notary:{name}", args=[sealed(proposed).uid]) for name in ("entry_detail", "proof_detail")]
    export = f"{reverse('notary:record_export')}?subject=cases.case:{proposed.pk}"
    client.force_login(scored.staff("li", Role.OFFICE, units["office"]))
    answers = [client.get(page) for page in pages]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert not [answer for answer in answers if "王小明" in answer.content.decode()]

    client.force_login(scored.staff("gu", role, units["office"]))

    assert [client.get(page).status_code for page in (*pages, export)] == [404, 404, 404]


def test_the_seal_of_what_is_no_number_is_none(client, alice):
    assert client.get(reverse("notary:record_export"), {"subject": "cases.case:²"}).status_code == 404
    assert client.get(reverse("notary:record_export"), {"subject": "people.organisation:²"}).status_code == 404


# pages


def text(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def listed(client, **query):
    return text(client.get(reverse("campaign:commendation_list"), query))


def test_the_office_proposes_from_the_score_and_publishes_with_a_number(client, ranking, alice, units):
    url = f"{reverse('campaign:ranking_detail', args=['1310-AGRI'])}?period=202211"
    assert "提请表彰问责" in text(client.get(url))
    create = f"{reverse('campaign:commendation_create')}?cause=score:202211/1310-AGRI"
    assert "起因：AGRI局 2022年11月 动态评价" in text(client.get(create))
    wrong = text(client.post(create, {**TOLD, "kind": ""}))
    assert "连续逾期" in wrong
    page = text(client.post(create, TOLD, follow=True))
    case = Case.objects.get(type="commendation")
    assert "王*明" in page
    assert "王小明" not in page
    cause = text(client.get(reverse("cases:case_detail", args=[case.pk]), {"tab": "cause"}))
    assert "/campaign/ranking/units/1310-AGRI/?period=202211" in cause
    decided(case)
    client.force_login(alice)

    taking = reverse("cases:step_take", args=[case.pk, "publish"])
    form = text(client.get(taking))
    assert "没有决定文号的不能公布" in form
    refused = text(client.post(taking, {"decision_no": "", "seen": case.version}))
    assert "没有填写决定文号，不能公布。" in refused
    case.refresh_from_db()
    assert case.state == "decided"
    client.post(taking, {"decision_no": "廊食安委〔2022〕8号", "seen": case.version})

    html = listed(client)
    assert "廊食安委〔2022〕8号" in html
    assert "王*明" in html
    assert "王小明" not in html


def test_others_read_only_what_is_published_and_never_the_record(client, proposed, units):
    officer = scored.staff("gu", Role.DEPARTMENT, units["EDU"])
    client.force_login(officer)
    assert "没有表彰问责" in listed(client)
    decided(proposed, decision_no="廊食安委〔2022〕8号")
    assert "没有表彰问责" in listed(client)

    step(proposed, "publish", data={"decision_no": "廊食安委〔2022〕8号"})

    html = listed(client)
    assert "廊食安委〔2022〕8号" in html
    assert "王小明" not in html
    assert client.get(reverse("cases:case_detail", args=[proposed.pk])).status_code == 404
    assert client.get(reverse("campaign:commendation_create"), {"cause": proposed.subject}).status_code == 403


def test_what_was_merged_without_a_decision_is_told_to_nobody(client, proposed, alice, units):
    other = propose_commendation(cause=proposed.subject, told={**TOLD, "kind": "约谈"}, by=alice, at=AT)
    merge_case(declared=case_type("commendation"), case=other, seen=other.version, into=proposed, reason="重复",
               by=alice, at=AT)  # fmt: skip
    assert Case.objects.get(pk=other.pk).state == "archived"

    client.force_login(scored.staff("gu", Role.DEPARTMENT, units["EDU"]))

    assert "没有表彰问责" in listed(client)


def test_a_case_offers_the_office_to_propose_and_shows_what_followed(client, alice, units):
    card = scored.made(units["AGRI"], "创建办督〔2022〕1号", kind="card", due_on=AS_OF, state="received")
    url = reverse("cases:case_detail", args=[card.pk])
    assert "提请表彰问责" in text(client.get(url, {"tab": "commendations"}))

    propose_commendation(cause="case:card/创建办督〔2022〕1号", told={**TOLD, "kind": "约谈"}, by=alice, at=AT)

    html = text(client.get(url, {"tab": "commendations"}))
    assert "约谈" in html
    assert "王小明" not in html
    client.force_login(scored.staff("gu", Role.DEPARTMENT, units["AGRI"]))
    assert "表彰问责" not in text(client.get(url)).split("<main")[1]


def test_an_office_of_another_city_proposes_nothing(client, ranking, city):
    user = scored.make_user("dora", Role.OFFICE, "131100")
    with pytest.raises(OutOfReach):
        propose_commendation(cause="score:202211/1310-AGRI", told=TOLD, by=user, at=AT)
    client.force_login(user)
    assert client.get(reverse("campaign:commendation_create"), {"cause": "score:202211/1310-AGRI"}).status_code == 404


@pytest.mark.parametrize("side", ["praise", "blame"])
def test_praise_and_blame_stand_in_lists_of_their_own(client, proposed, side):
    assert ("AGRI局" in listed(client, side=side)) == (side == "blame")


def test_the_general_page_of_cases_opens_no_entry(client, alice):
    assert client.get(reverse("cases:case_create", args=["commendation"])).status_code == 403


def test_a_program_moves_what_is_not_a_user(proposed):
    declared = case_type("commendation")
    with pytest.raises(CaseRefused, match="不能办理"):
        move_case(declared=declared, case=proposed, step=declared.step("archive"), seen=proposed.version, given=Given(),
                  by="program", at=AT)  # fmt: skip
