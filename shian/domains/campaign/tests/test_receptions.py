"""Weekly notices of a reception (A-27): movement since the last, numbers that tie to the ledger and open, frozen."""

import io
import re
from datetime import date, datetime, timedelta
from html import unescape

import docx
import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shian.domains.campaign.actions.receptions import NoticeRefused, issue_weekly_notice
from shian.domains.campaign.models import NoticeLine, WeeklyNotice
from shian.domains.campaign.queries.receptions import SHOWN, lines_of, tally_of
from shian.domains.campaign.rules.receptions import Standing, counted, movements, ties
from shian.domains.campaign.tests.loops import AT, opened, photo, took
from shian.engine.cases.models import Case
from shian.engine.cases.tests.cast import Cast
from shian.kernel.accounts.models import Role
from shian.kernel.notary.models import Entry
from shian.kernel.notices.models import Notice
from shian.registers.people.tests.factories import reach_user

DAY = AT.date()
WEEK = timedelta(days=7)


@pytest.fixture
def cast(db) -> Cast:
    return Cast()


@pytest.fixture
def reception(cast: Cast) -> Case:
    return opened(cast, "reception", title="省级初评", area_key="1310", unit=cast.office_unit, due_on=date(2023, 3, 31),
                  data={"evaluation_level": "省级初评"})  # fmt: skip


def problem(cast: Cast, reception: Case, title: str, due_on: date = date(2023, 3, 20), at: datetime = AT) -> Case:
    made = opened(cast, "problem", title=title, unit=None, source="reception", parent=reception, at=at,
                  data={"severity": "一般"})  # fmt: skip
    took(made, "assign", "test", at, unit=cast.bureau, due_on=due_on)
    return made


def struck_off(case: Case, cast: Cast, at: datetime = AT) -> None:
    case.refresh_from_db()
    took(case, "submit", cast.officer, at, note="已改", files=[photo(at=at)], data={"measures": "补记"})
    case.refresh_from_db()
    took(case, "close", "test", at)


def issued(cast: Cast, reception: Case, at: datetime = AT, demands: str = "") -> WeeklyNotice:
    return issue_weekly_notice(reception=reception, demands=demands, by=cast.office, at=at)


def ledger(reception: Case) -> dict[str, int]:
    """The problem ledger, counted by hand."""
    rows = Case.objects.filter(parent=reception, type="problem").exclude(state="dismissed")
    return {"total": rows.count(), "open": rows.filter(is_open=True).count()}


def test_the_second_notice_tells_what_is_new_closed_reopened_withdrawn_and_overdue(cast: Cast, reception: Case) -> None:
    late, fixed, none, back = (problem(cast, reception, title) for title in ("逾期的", "改好的", "不成立的", "反弹的"))
    struck_off(back, cast)
    first = issued(cast, reception)
    later = AT + 3 * WEEK
    struck_off(fixed, cast, later)
    none.refresh_from_db()
    took(none, "submit", cast.officer, later, note="无此情况", files=[photo(at=later)], data={"measures": "无"})
    none.refresh_from_db()
    took(none, "dismiss", "test", later, note="情况不属实")
    back.refresh_from_db()
    took(back, "reopen", "test", later, note="又坏了", unit=cast.bureau, due_on=date(2023, 5, 1))
    fresh = problem(cast, reception, "新发现的", date(2023, 5, 1), later)

    second = issued(cast, reception, later)

    assert {key: first.counts[key] for key in ("open_before", "new", "open", "struck")} == {
        "open_before": 0, "new": 4, "open": 3, "struck": 1
    }  # fmt: skip
    assert second.number == 2
    changed = ("open_before", "new", "closed", "reopened", "withdrawn", "overdue")
    assert [second.counts[key] for key in changed] == [3, 1, 1, 1, 1, 1]
    assert {key: second.counts[key] for key in ("total", "open")} == ledger(reception) == {"total": 4, "open": 3}
    moved = {key: set(lines_of(second, key).values_list("case", flat=True)) for key in SHOWN}
    assert moved["new"] == {fresh.pk}
    assert moved["closed"] == {fixed.pk}
    assert moved["reopened"] == {back.pk}
    assert moved["withdrawn"] == {none.pk}
    assert moved["overdue"] == {late.pk}
    assert {key: len(rows) for key, rows in moved.items()} == {key: second.counts[key] for key in SHOWN}


STANDS = st.sampled_from([None, True, False])


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(STANDS, STANDS, st.booleans()), max_size=20))
def test_the_movement_always_ties_to_the_ledger(rows: list[tuple[bool | None, bool | None, bool]]) -> None:
    before = {case: was for case, (was, _now, _late) in enumerate(rows) if was is not None}
    due = {True: DAY - timedelta(days=1), False: DAY}
    now = [Standing(case, is_open, due[late]) for case, (_was, is_open, late) in enumerate(rows) if is_open is not None]

    moved = movements(before, now, DAY)
    counts = counted(before, moved)

    assert ties(counts)
    assert counts["open"] == sum(each.is_open for each in now)
    assert counts["total"] == len(now)
    assert len({each.case for each in moved}) == len(moved)


def test_a_sum_that_does_not_tie_is_seen() -> None:
    counts = counted({1: True}, movements({1: True}, [Standing(1, is_open=True)], DAY))

    assert ties(counts)
    assert not ties({**counts, "open": 2})
    assert not ties({**counts, "total": 2})


def test_an_issued_notice_stays_as_it_was_and_its_numbers_open(cast: Cast, reception: Case, client: Client) -> None:
    found = problem(cast, reception, "冷库温度记录缺失")
    notice = issued(cast, reception, demands="责任单位周五前报结果。")
    sealed = Entry.objects.get(subject=f"campaign.weeklynotice:{notice.pk}")
    assert sealed.data["demands"] == "责任单位周五前报结果。"
    struck_off(found, cast, AT + WEEK)
    client.force_login(cast.office)
    address = reverse("campaign:weekly_notice_detail", args=[notice.pk])

    text = unescape(client.get(address).content.decode())
    opened_new = client.get(address, {"show": "new"}).content.decode()
    opened_closed = client.get(address, {"show": "closed"}).content.decode()

    assert "上期未销号 0 ＋ 新增 1 ＋ 重开 0 － 销号 0 － 撤销 0 ＝ 本期未销号 1" in text
    assert "责任单位周五前报结果。" in text
    assert f"{address}?show=new" in text
    assert found.number in opened_new
    assert found.number not in opened_closed
    assert NoticeLine.objects.get(notice=notice).is_open
    assert Entry.objects.get(subject=f"campaign.weeklynotice:{notice.pk}").data["counts"] == notice.counts
    for rows in (WeeklyNotice.objects.filter(pk=notice.pk), NoticeLine.objects.filter(notice=notice)):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows._raw_delete(rows.db)
    with pytest.raises(DatabaseError), transaction.atomic():
        WeeklyNotice.objects.filter(pk=notice.pk).update(number=9)


def test_the_paper_says_the_same_numbers_and_names_what_is_late(cast: Cast, reception: Case, client: Client) -> None:
    late = problem(cast, reception, "后厨排水不畅", DAY - timedelta(days=1), AT - 2 * WEEK)
    problem(cast, reception, "标签不清")
    notice = issued(cast, reception)
    client.force_login(cast.office)

    answer = client.get(reverse("campaign:weekly_notice_download", args=[notice.pk]))

    paper = docx.Document(io.BytesIO(answer.content))
    text = "\n".join(each.text for each in paper.paragraphs)
    assert re.search("反馈问题共2个，已销号0个，未销号2个，销号率0.0%；其中逾期1个", text)
    assert "逾期未销号问题（1个）" in text
    assert any(late.number in cell.text for row in paper.tables[0].rows for cell in row.cells)
    assert "attachment" in answer["Content-Disposition"]


def test_the_states_of_a_notice_are_kept_in_chinese_whatever_its_issuer_reads(cast: Cast, reception: Case) -> None:
    problem(cast, reception, "标签不清")

    with override("en"):
        notice = issued(cast, reception)

    assert not [each.state_label for each in notice.lines.all() if each.state_label.isascii()]


def test_a_day_has_one_notice_and_nothing_to_tell_is_refused(cast: Cast, reception: Case) -> None:
    with pytest.raises(NoticeRefused, match="没有可通报"):
        issued(cast, reception)
    problem(cast, reception, "标签不清")
    issued(cast, reception)
    with pytest.raises(NoticeRefused, match="同一天只印发一期"):
        issued(cast, reception, AT + timedelta(hours=3))

    assert tally_of(reception, DAY).before.number == 1


def test_the_office_issues_on_the_page_and_sees_the_preview(cast: Cast, reception: Case, client: Client) -> None:
    problem(cast, reception, "标签不清")
    client.force_login(cast.office)

    preview = client.get(reverse("campaign:weekly_notice_preview", args=[reception.pk]))
    answer = client.post(reverse("campaign:weekly_notice_issue", args=[reception.pk]), {"demands": ""})

    assert "标签不清" in preview.content.decode()
    assert answer["Location"] == reverse("campaign:weekly_notice_detail", args=[WeeklyNotice.objects.get().pk])
    page = client.get(f"{reverse('cases:case_detail', args=[reception.pk])}?tab=findings").content.decode()
    assert "第 1 期" in page
    assert "标签不清" in page
    listed = client.get(reverse("campaign:reception_list")).content.decode()
    assert "省级初评" in listed
    assert "第 1 期" in listed


@pytest.mark.parametrize("name", ["weekly_notice_preview", "weekly_notice_issue"])
def test_a_county_issues_no_notice(cast: Cast, reception: Case, client: Client, name: str) -> None:
    client.force_login(cast.officer)

    assert client.post(reverse(f"campaign:{name}", args=[reception.pk]), {}).status_code == 403
    assert not WeeklyNotice.objects.exists()


def test_who_must_put_a_problem_right_is_told_and_reads_the_whole_notice(
    cast: Cast, reception: Case, client: Client
) -> None:
    problem(cast, reception, "标签不清")
    notice = issued(cast, reception)
    url = reverse("campaign:weekly_notice_detail", args=[notice.pk])

    told = Notice.objects.filter(subject=f"campaign.weeklynotice:{notice.pk}")
    assert set(told.values_list("recipient", "link")) == {(cast.officer.pk, url), (cast.head.pk, url)}
    client.force_login(cast.officer)
    shown = client.get(url)
    assert "标签不清" in shown.content.decode()
    assert [str(each.url) for each in shown.context["list"].crumbs][-1] == ""
    assert client.get(reverse("campaign:weekly_notice_download", args=[notice.pk])).status_code == 200
    client.force_login(cast.trader)
    assert client.get(url).status_code == 404


def test_another_city_reads_no_notice(cast: Cast, reception: Case, client: Client) -> None:
    problem(cast, reception, "标签不清")
    notice = issued(cast, reception)
    client.force_login(reach_user("dora", "131100", Role.OFFICE))

    for name in ("weekly_notice_detail", "weekly_notice_download"):
        assert client.get(reverse(f"campaign:{name}", args=[notice.pk])).status_code == 404
