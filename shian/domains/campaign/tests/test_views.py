"""Pages: the promised words and numbers, budgets of statements, and who sees what."""

from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shian.domains.campaign.actions import draft_catalogues, enter_verdict, issue_catalogue
from shian.domains.campaign.models import Catalogue, Evaluation, ItemResult, Standard, Verdict
from shian.domains.campaign.tests.factories import AT, make_organisation, make_user
from shian.kernel.accounts.models import Role
from shian.kernel.notary.models import Entry

pytestmark = pytest.mark.django_db
DUE = date(2023, 6, 30)


@pytest.fixture
def alice(client):
    """The office of the city, signed in."""
    user = make_user("alice", Role.OFFICE)
    client.force_login(user)
    return user


@pytest.fixture
def carol(client):
    """A county user of 131022, signed in."""
    user = make_user("carol", Role.COUNTY, "131022")
    client.force_login(user)
    return user


def page(client, name, *args, **query):
    return client.get(reverse(f"campaign:{name}", args=args), query)


def text(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_list_shows_94_items_with_score_and_the_note_on_weights(client, evaluate, alice):
    evaluate()

    html = text(page(client, "item_list"))

    assert html.count("data-href=") == 94
    assert "示例权重" in html
    assert "廊坊市 · 2022-11-24" in html
    assert "无牵头单位" in html


def test_list_needs_at_most_8_statements(client, evaluate, alice):
    evaluate()
    page(client, "item_list")

    with CaptureQueriesContext(connection) as queries:
        page(client, "item_list")

    asked = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(asked) <= 8, [sql[:120] for sql in asked]


@pytest.mark.parametrize(
    ("query", "count"),
    [({"section": "2"}, 15), ({"method": "field"}, 50), ({"state": "not_applicable"}, 0), ({"unit": "none"}, 1),
     ({"outcome": "unknown", "section": "6"}, 5), ({"unit": "SAMR", "section": "4"}, 1)],
)  # fmt: skip
def test_filters(client, evaluate, alice, query, count):
    evaluate()

    assert text(page(client, "item_list", **query)).count("data-href=") == count


@pytest.mark.parametrize("query", [{}, {"section": "2"}, {"method": "document", "outcome": "failed"}])
def test_a_tab_counts_what_it_will_show(client, evaluate, alice, query):
    evaluate()
    tabs = page(client, "item_list", **query).context["list"].tabs

    shown = [client.get(reverse("campaign:item_list") + tab.url).content.decode().count("data-href=") for tab in tabs]

    assert [tab.count for tab in tabs] == shown
    assert any(shown)


def test_before_the_first_run_the_list_says_what_to_do(client, city, alice):
    assert "请运行评价" in text(page(client, "item_list"))
    assert "尚无评审结论" in text(page(client, "veto_board"))  # the monitor waits for no evaluation


def test_running_from_the_page_evaluates_the_own_city(client, city, alice):
    response = client.post(reverse("campaign:evaluation_run"), {"as_of": "2022-11-24"}, follow=True)

    assert "评价完成" in text(response)
    assert Evaluation.objects.get().created_by == "alice"


def test_a_day_to_come_is_not_evaluated(client, city, alice):
    html = text(client.post(reverse("campaign:evaluation_run"), {"as_of": "2099-01-01"}))

    assert "截止日期不能晚于今天" in html
    assert not Evaluation.objects.exists()


def test_a_county_sees_its_own_rows_and_its_townships_only(client, evaluate, carol):
    evaluate()

    own = text(page(client, "item_list"))
    below = text(page(client, "item_list", area="131022100"))

    assert "固安县" in own
    assert "固安镇" in below
    for beyond in ("131000", "131002", "131002100", "131100"):
        assert page(client, "item_list", area=beyond).status_code == 404
        assert page(client, "item_detail", "1.1.1", area=beyond).status_code == 404
        assert page(client, "item_export", area=beyond).status_code == 404
    assert Entry.objects.filter(action="scope.refused").exists()


def test_ranking_and_area_losses_are_cut_to_the_reach(client, evaluate, carol):
    evaluate()

    html = text(page(client, "loss_list", by="area"))

    assert "固安镇" in html
    assert "宫村镇" in html
    assert "落垡镇" not in html


def test_a_sister_township_is_out_of_reach(client, evaluate):
    evaluate()
    client.force_login(make_user("bob", Role.STATION, "131022100"))

    assert page(client, "item_list", area="131022100").status_code == 200
    assert page(client, "item_list", area="131022101").status_code == 404


def test_item_page_shows_value_threshold_margin_leads_and_evidence(client, evaluate, registers, alice):
    registers["grain_monitoring.coverage", "1310"] = "28.67"
    registers["grain_monitoring.handled_rate", "1310"] = "100"
    make_organisation("NDRC", short_name="市发改委")
    evaluate()

    html = text(page(client, "item_detail", "1.6.3"))

    for words in ("28.7%", "≥ 25%", "3.7个百分点", "市发改委", "佐证材料", "达到目标值", "固安县", "示例权重"):
        assert words in html


def test_trying_a_value_shows_points_and_formula_version(client, evaluate, alice):
    evaluate()

    html = text(page(client, "item_detail", "4.25.1", **{"try": "68"}))

    assert "得 5.33 分（分值 6.67，得分率 0.8），折算办法：按实测值与目标值之比（公式第 1 版）。" in html


def test_definition_is_shown_before_any_evaluation(client, city, alice):
    assert "走私食品查处" in text(page(client, "item_detail", "1.9.3"))
    assert page(client, "item_detail", "9.9.9").status_code == 404


@pytest.mark.parametrize(("value", "words"), [("79.9", ["已触发", "-0.1分"]), ("80", ["未触发", "0分"])])
def test_veto_board(client, evaluate, registers, alice, value, words):
    registers["survey_results.satisfaction", "1310"] = value
    evaluate()

    html = text(page(client, "veto_board"))

    assert all(word in html for word in words)
    assert ("已触发否决：满意度不足" in html) == (value == "79.9")
    assert "尚无评审结论" in html


def test_lost_points_by_unit_name_the_items_without_lead(client, evaluate, alice):
    evaluation = evaluate()
    for code in ("1.9.3", "2.15.4"):
        enter_verdict(evaluation=evaluation, code=code, area="131000", verdict="不达标", reason="缺材料",
                      reviewer="一组", reviewed_on=date(2022, 11, 1), by="rev", at=AT)  # fmt: skip

    html = text(page(client, "loss_list"))

    assert "无牵头单位" in html
    assert "2.15.4" in html


def test_a_verdict_from_the_page_rescores_and_stands_in_the_timeline(client, evaluate, alice):
    evaluate()
    url = reverse("campaign:verdict_enter", args=["1.1.1"])
    answer = {
        "verdict": "部分达标",
        "ratio": "0.6",
        "reason": "缺一份文件",
        "reviewer": "一组",
        "reviewed_on": "2022-11-01",
    }

    html = text(client.post(url, answer, follow=True))

    assert "本项得 0.45 分（分值 0.75）" in html
    assert "评审结论：部分达标" in html
    assert Entry.objects.get(action="campaign.verdict_entered").seal in html
    assert Verdict.objects.get().ratio == Decimal("0.6")


def test_the_verdict_form_says_what_is_missing(client, evaluate, alice):
    evaluate()
    url = reverse("campaign:verdict_enter", args=["1.1.1"])

    html = text(client.post(url, {"verdict": "部分达标", "reviewer": "一组", "reviewed_on": "2022-12-30"}))

    assert "得分率" in html
    assert "不是达标的结论须写明理由" in html
    assert not Verdict.objects.exists()


def test_stating_a_reason_and_adopting_the_others(client, evaluate, alice):
    evaluate()
    url = reverse("campaign:reason_state", args=["1.1.1"])

    client.post(url, {"reason": "年底统一评审"})
    html = text(client.post(reverse("campaign:reasons_adopt"), follow=True))

    assert "未定内容记录理由" in html
    assert ItemResult.objects.get(area_key="1310", indicator__code="1.1.1").stated_reason == "年底统一评审"
    assert not ItemResult.objects.filter(area_key="1310", state="unknown", stated_reason="").exists()


def test_a_county_user_may_not_judge_run_or_manage(client, evaluate, carol):
    evaluate()

    for name, *args in (("verdict_enter", "1.1.1"), ("reason_state", "1.1.1"), ("evaluation_run",),
                        ("standard_upload",), ("catalogue_draft",)):  # fmt: skip
        assert page(client, name, *args).status_code == 403


def test_export_holds_the_filtered_rows_and_the_note(client, evaluate, alice):
    evaluate()

    response = client.get(reverse("campaign:item_export"), {"format": "csv", "section": "4"})
    body = b"".join(response.streaming_content).decode("utf-8-sig")

    assert "示例权重" in body
    assert [code for code in ("4.24.1", "4.25.1", "4.26.1", "1.1.1") if code in body] == ["4.24.1", "4.25.1", "4.26.1"]


def test_standard_page_shows_declared_beside_obtained(client, city, alice):
    html = text(page(client, "standard_detail"))

    for words in (
        "公开材料：36，与本重构不一致",
        "公开材料：45，与本重构不一致",
        "公开材料：39，一致",
        "1.9.3 走私食品查处",
    ):
        assert words in html
    assert text(page(client, "standard_detail", method="neither")).count("data-href=") == 8
    assert text(page(client, "standard_detail", method="field")).count("data-href=") == 39
    assert text(page(client, "standard_detail", lead="no_lead")).count("data-href=") == 1


def test_uploading_and_activating_a_standard(client, city, alice):
    content = (settings.SHIAN_PACKS / "criteria" / "2021.xlsx").read_bytes()
    file = SimpleUploadedFile("2021.xlsx", content)

    html = text(client.post(reverse("campaign:standard_upload"), {"file": file}, follow=True))
    draft = Standard.objects.get(state="draft")
    client.post(reverse("campaign:standard_activate", args=[draft.pk]))

    assert "已导入为草稿" in html
    assert Standard.objects.get(state="in_force") == draft
    bad = client.post(reverse("campaign:standard_upload"), {"file": SimpleUploadedFile("a.xlsx", b"no workbook")})
    assert "工作簿无法读取" in text(bad)


def test_catalogue_pages_draft_issue_and_acknowledge(client, city, alice):
    html = text(client.post(reverse("campaign:catalogue_draft"), {"due_on": "2023-06-30"}, follow=True))
    county = Catalogue.objects.get(kind="county")
    client.post(reverse("campaign:catalogue_issue", args=[county.pk]))
    signed = client.post(reverse("campaign:duty_acknowledge", args=[county.pk]), {"audience": "131022"}, follow=True)

    assert "三级分解目录已草拟" in html
    assert "1.9.3 走私食品查处" in text(page(client, "catalogue_detail", county.pk))
    assert "已签收 83 条" in text(signed)


def test_a_county_sees_and_signs_its_own_lines_only(client, city, carol):
    found = draft_catalogues(standard=Standard.objects.get(), area="131000", due_on=DUE, by="office", at=AT)
    county = issue_catalogue(catalogue=found["county"], by="office", at=AT)

    html = text(page(client, "catalogue_detail", county.pk))

    assert html.count("data-href=") == 83
    assert "安次区" not in html
    url = reverse("campaign:duty_acknowledge", args=[county.pk])
    assert client.post(url, {"audience": "131002"}).status_code == 404
    assert client.post(url, {"audience": "131022"}).status_code == 302
