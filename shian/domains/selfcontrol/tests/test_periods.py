"""The week's report and the month's minutes: pre-filled, signed by who must, late by the dated numbers, as papers."""

from datetime import date, timedelta
from io import BytesIO

import docx
import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from shian.domains.selfcontrol.actions.periods import draft_week, sign_minutes, sign_week, write_minutes
from shian.domains.selfcontrol.actions.refusals import DutyRefused
from shian.domains.selfcontrol.definitions.papers import day_paper, month_paper, week_paper
from shian.domains.selfcontrol.models import Decision, WeeklyCheck
from shian.domains.selfcontrol.queries.controls import items_of_day
from shian.domains.selfcontrol.tests.scene import NOW, TODAY
from shian.domains.selfcontrol.tests.test_days import listed, recorded
from shian.engine.reports import paper as papers

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 16)
MONTH = date(2026, 11, 1)
TOLD = {"summary": "记录正常", "risks": "", "measures": ""}


def text_of(paper):
    """Everything that a docx says."""
    found = docx.Document(BytesIO(paper))
    cells = [cell.text for table in found.tables for row in table.rows for cell in row.cells]
    return "\n".join([each.text for each in found.paragraphs] + cells)


def minutes(scene, decisions=(("更换冰柜", TODAY + timedelta(days=5)),), **other):
    told = {"held_on": TODAY, "participants": "赵一、钱二", "heard": "本月正常", "plan": ""} | other
    return write_minutes(
        operator=scene.own, month=MONTH, told=told, decisions=list(decisions), by=scene.director, at=NOW
    )


def test_the_week_opens_with_the_problems_of_its_days(scene, client):
    listed(scene)
    recorded(scene, day=MONDAY, r06="problem", notes={"r06": "牛奶过期"})
    client.force_login(scene.director)
    url = reverse("operator:own_week_edit", args=["R-1", MONDAY.isoformat()])

    page = client.get(url).content.decode()
    assert "牛奶过期" in page
    assert "本周记录 1 天，发现问题 1 个。" in page
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "本周记录 1 天，发现问题 1 个。" in client.get(url).content.decode()
    client.post(url, TOLD)
    client.post(reverse("operator:own_week_sign", args=["R-1", MONDAY.isoformat()]))
    report = WeeklyCheck.objects.get()
    assert (report.signed_duty, report.is_late, report.found["days"]) == ("director", False, {"2026-11-16": "problem"})
    assert report.found["problems"][0]["description"] == "牛奶过期"
    assert "记录正常" in client.get(url).content.decode()


def test_who_signs_a_week_and_when_it_is_late(scene):
    report = draft_week(operator=scene.own, monday=MONDAY, told=TOLD, by=scene.officer, at=NOW)
    with pytest.raises(PermissionDenied):
        sign_week(report=report, by=scene.principal, at=NOW)
    sign_week(report=report, by=scene.officer, at=NOW + timedelta(days=4))  # Sunday
    old = draft_week(operator=scene.own, monday=MONDAY - timedelta(days=7), told=TOLD, by=scene.officer, at=NOW)
    sign_week(report=old, by=scene.officer, at=NOW)

    assert list(WeeklyCheck.objects.order_by("monday").values_list("is_late", flat=True)) == [True, False]
    for again in (
        lambda: sign_week(report=report, by=scene.officer, at=NOW),
        lambda: draft_week(operator=scene.own, monday=MONDAY, told=TOLD, by=scene.officer, at=NOW),
        lambda: draft_week(operator=scene.own, monday=TODAY, told=TOLD, by=scene.officer, at=NOW),
        lambda: draft_week(operator=scene.own, monday=MONDAY + timedelta(days=7), told=TOLD, by=scene.officer, at=NOW),
    ):
        with pytest.raises(DutyRefused):
            again()


def test_the_principal_signs_and_decisions_enter_the_next_days_list(scene):
    listed(scene)
    meeting = minutes(scene)
    assert not any(each.decision for each in items_of_day(scene.own, TODAY + timedelta(days=1)))
    with pytest.raises(PermissionDenied):
        sign_minutes(meeting=meeting, by=scene.director, at=NOW)
    sign_minutes(meeting=meeting, by=scene.principal, at=NOW)

    assert [each.risk for each in items_of_day(scene.own, TODAY + timedelta(days=1)) if each.decision] == ["更换冰柜"]
    for refused in (lambda: minutes(scene), lambda: sign_minutes(meeting=meeting, by=scene.principal, at=NOW)):
        with pytest.raises(DutyRefused):
            refused()


def test_minutes_after_the_fifth_are_late(scene):
    meeting = minutes(scene)
    sign_minutes(meeting=meeting, by=scene.principal, at=NOW + timedelta(days=18))  # 2026-12-06
    meeting.refresh_from_db()

    assert meeting.is_late


def test_a_draft_is_written_anew_and_wrong_days_are_refused(scene):
    minutes(scene)
    minutes(scene, decisions=[("培训新员工", TODAY)])
    assert list(Decision.objects.values_list("text", flat=True)) == ["培训新员工"]
    for wrong in ({"held_on": TODAY + timedelta(days=1)}, {"held_on": MONTH - timedelta(days=1)}):
        with pytest.raises(DutyRefused):
            minutes(scene, **wrong)
    with pytest.raises(DutyRefused):
        minutes(scene, decisions=[("早了", TODAY - timedelta(days=1))])


def test_the_page_of_the_month_is_pre_filled_and_asks_for_days(scene, client):
    client.force_login(scene.principal)
    url = reverse("operator:own_month_edit", args=["R-1", "2026-11"])
    for language in ("zh-hans", "en"):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        assert "本月签署周排查报告 0 份" in client.get(url).content.decode()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    told = {"held_on": "2026-11-18", "participants": "赵一", "heard": "正常", "text1": "更换冰柜"}
    assert "请填写完成期限" in client.post(url, told).content.decode()
    client.post(url, told | {"due1": "2026-11-30"})
    client.post(reverse("operator:own_month_sign", args=["R-1", "2026-11"]))
    assert "更换冰柜" in client.get(url).content.decode()
    for month in ("2027-01", "2019-01"):
        assert client.get(reverse("operator:own_month_edit", args=["R-1", month])).status_code == 404
    assert client.get(reverse("operator:own_week_edit", args=["R-1", "2019-01-07"])).status_code == 404
    paper = client.get(reverse("operator:own_month_download", args=["R-1", "2026-11"]))
    assert "每月食品安全调度会议纪要" in text_of(paper.content)


def test_each_record_is_offered_as_a_pdf_where_one_can_be_made(scene, client, monkeypatch):
    monkeypatch.setattr(papers, "office", lambda: "/usr/bin/soffice")
    listed(scene)
    recorded(scene, day=MONDAY)
    sign_week(report=draft_week(operator=scene.own, monday=MONDAY, told=TOLD, by=scene.officer, at=NOW),
              by=scene.director, at=NOW)  # fmt: skip
    sign_minutes(meeting=minutes(scene), by=scene.principal, at=NOW)
    client.force_login(scene.principal)
    day = MONDAY.isoformat()

    for page, key in (("daily_control_enter", day), ("own_week_edit", day), ("own_month_edit", "2026-11")):
        url = reverse(f"operator:{page}", args=["R-1", key])
        download = url.replace(f"{key}/", f"{key}/paper/")
        shown = client.get(url).content.decode()
        assert f'href="{download}"' in shown
        assert f'href="{download}?form=pdf"' in shown


def test_papers_carry_their_legal_names_and_what_was_recorded(scene):
    listed(scene)
    record = recorded(scene)
    late = recorded(scene, day=TODAY - timedelta(days=2), r06="problem", notes={"r06": "牛奶过期"})
    report = draft_week(operator=scene.own, monday=MONDAY, told=TOLD, by=scene.officer, at=NOW)
    sign_week(report=report, by=scene.officer, at=NOW)
    report.refresh_from_db()
    report.signed_at = NOW.replace(hour=23)  # seven in the morning of the 19th in China
    record.operator = late.operator = scene.own

    clear, found, week = (text_of(each) for each in (
        day_paper(record, "孙三"), day_paper(late, "孙三"), week_paper(report, scene.own, "孙三")))  # fmt: skip
    month = text_of(month_paper(minutes(scene), scene.own, ""))
    assert "每日食品安全检查记录" in clear
    assert "零风险报告" in clear
    assert "牛奶过期" in found
    assert "补录" in found
    assert "每周食品安全排查治理报告" in week
    assert "食品安全员：孙三" in week
    assert "2026年11月19日" in week
    assert "更换冰柜" in month
