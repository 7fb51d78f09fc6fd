"""Notices of a quarter: drafted from its figures, approved by another person, published, followed up."""

import io
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import docx
import pytest
import yaml
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from shian.domains.duties.actions.notices import (
    NoticePlan,
    approve_notice,
    draft_notice,
    edit_notice,
    follow_notice,
    publish_notice,
    return_notice,
)
from shian.domains.duties.actions.quarters import close_quarter
from shian.domains.duties.actions.refusals import DutyRefused
from shian.domains.duties.models import DutyNotice, NoticeKind, NoticeLine
from shian.domains.duties.rules.notices import Told, proposal, rate, read_notice_numbers
from shian.domains.duties.rules.visits import Quarter
from shian.domains.duties.tests.factories import COUNTY, TOWN
from shian.domains.duties.tests.visiting import NOW, ZONE, Village, sheet
from shian.kernel.accounts.models import Role
from shian.kernel.notices.models import Notice
from shian.registers.people.tests.factories import reach_user

PACK = Path(__file__).parents[4] / "packs" / "parameters" / "duty_notices.yaml"
VERSION = yaml.safe_load(PACK.read_text(encoding="utf-8"))["versions"][0]
NUMBERS = read_notice_numbers(VERSION)
AFTER = datetime(2023, 1, 12, 9, 0, tzinfo=ZONE)
Q4 = Quarter(2022, 4)


def figures(done: int, untrue: int | None = None, score: str | None = None) -> dict[str, Told]:
    told = {"completion": rate(done, 100)}
    told |= {} if untrue is None else {"untrue": Told(Decimal(untrue))}
    return told | ({} if score is None else {"score": Told(Decimal(score))})


@pytest.mark.parametrize(
    ("told", "found"),
    [
        (figures(100), ("praise", ["completion"])),
        (figures(100, 0, "95"), ("praise", ["completion", "untrue", "score"])),
        (figures(100, 1, "95"), ("", [])),
        (figures(100, 2, "95"), ("criticism", ["untrue"])),
        (figures(94, 0, "65"), ("criticism", ["completion", "score"])),
        (figures(97), ("", [])),
        ({"completion": rate(0, 0)}, ("", [])),
    ],
)
def test_figures_propose_praise_or_criticism(told: dict[str, Told], found: tuple[str, list[str]]) -> None:
    assert proposal(told, NUMBERS) == found


def test_nearly_all_is_not_all() -> None:
    assert rate(29_999, 30_000).value == Decimal("99.99")


def test_nobody_is_praised_and_criticised_for_the_same() -> None:
    with pytest.raises(ValueError, match="nobody"):
        read_notice_numbers({**VERSION, "criticism": {**VERSION["criticism"], "untrue": 0}})


@pytest.fixture
def village(place, time_machine):
    """One of two businesses visited in the closed quarter; it is January."""
    time_machine.move_to(NOW, tick=False)
    made = Village()
    made.second = reach_user("bob", COUNTY, Role.COUNTY)
    sheet(made.business(name="甲店"), made.user, wrong={1: "no"})
    made.business(name="乙店")
    time_machine.move_to(AFTER, tick=False)
    close_quarter(quarter=Q4, city="1310", by="test", at=AFTER)
    return made


def plan(**changes):
    told = {
        "kind": NoticeKind.CRITICISM, "area": COUNTY, "quarter": Q4, "units": [TOWN], "title": "四季度通报",
        "reason": "督导没有完成。", "demands": "一个月内补齐。", "follow_due_on": date(2023, 2, 12),
    }  # fmt: skip
    return NoticePlan(**{**told, **changes})


def published(village):
    notice = draft_notice(plan=plan(), by=village.county, at=AFTER)
    approve_notice(notice=notice, by=village.second, at=AFTER)
    publish_notice(notice=notice, by=village.second, at=AFTER)
    notice.refresh_from_db()
    return notice


def page_of(user, name, *args, **query):
    client = Client()
    client.force_login(user)
    return client.get(reverse(f"duties:{name}", args=args), query)


@pytest.mark.django_db
def test_a_notice_lists_its_figures_with_links_to_the_records_of_its_quarter(village):
    notice = draft_notice(plan=plan(), by=village.county, at=AFTER)

    row = page_of(village.county, "notice_detail", notice.pk).context["tables"][0][1].rows[0]
    assert {key: row.cells[key].value for key in ("completion", "due", "faults", "problems")} == {
        "completion": (1, 2), "due": 1, "faults": 1, "problems": 1,
    }  # fmt: skip
    assert all(cell.url for key, cell in row.cells.items() if key != "area")
    client = Client()
    client.force_login(village.county)
    assert client.get(row.cells["due"].url).context["list"].total == 1
    assert client.get(row.cells["faults"].url).context["list"].total == 1
    assert client.get(row.cells["problems"].url).context["list"].total == 1
    assert client.get(row.cells["completion"].url).status_code == 200


@pytest.mark.django_db
def test_what_came_later_stands_beside_what_was_told(village, time_machine):
    notice = published(village)
    second = village.official.pk and page_of(village.county, "due_list", area=COUNTY, quarter="2022Q4")
    assert second.context["list"].total == 1
    from shian.domains.duties.models import Match

    left = Match.objects.get(operator__name="乙店")
    sheet(left, village.user, at=datetime(2022, 12, 30, 9, 0, tzinfo=ZONE), received=AFTER)

    row = page_of(village.county, "notice_detail", notice.pk).context["tables"][0][1].rows[0]

    assert (row.cells["completion"].value, row.cells["completion"].note) == ((1, 2), "现为 2/2")


@pytest.mark.django_db
def test_another_person_approves_and_the_named_area_reads_and_hears_it(village):
    notice = draft_notice(plan=plan(), by=village.county, at=AFTER)
    with pytest.raises(DutyRefused, match="另一人"):
        approve_notice(notice=notice, by=village.county, at=AFTER)
    assert page_of(village.station, "notice_detail", notice.pk).status_code == 404

    approve_notice(notice=notice, by=village.second, at=AFTER)
    publish_notice(notice=notice, by=village.second, at=AFTER)

    assert page_of(village.station, "notice_list").context["list"].total == 1
    assert Notice.objects.filter(recipient=village.station, rule="duties.notices").exists()
    elsewhere = reach_user("carol", "131002", Role.COUNTY)
    assert page_of(elsewhere, "notice_detail", notice.pk).status_code == 404
    paper = page_of(village.station, "notice_download", notice.pk)
    text = docx.Document(io.BytesIO(b"".join(paper) if paper.streaming else paper.content))
    cells = [cell.text for row in text.tables[0].rows for cell in row.cells]
    assert "固安镇" in cells
    assert "50%（1/2）" in cells


@pytest.mark.django_db
def test_figures_of_a_published_notice_never_change(village):
    notice = published(village)

    with pytest.raises(DatabaseError, match="never change"), transaction.atomic():
        NoticeLine.objects.filter(notice=notice).update(value=0)
    with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
        DutyNotice.objects.filter(pk=notice.pk).update(approved_by=notice.drafted_by)


@pytest.mark.django_db
def test_a_returned_draft_is_written_anew_before_it_is_approved(village):
    notice = draft_notice(plan=plan(), by=village.county, at=AFTER)
    return_notice(notice=notice, reason="语气过重", by=village.second, at=AFTER)
    with pytest.raises(DutyRefused, match="已经退回"):
        approve_notice(notice=notice, by=village.second, at=AFTER)
    assert "语气过重" in page_of(village.county, "notice_detail", notice.pk).content.decode()

    edit_notice(notice=notice, plan=plan(reason="督导完成率低。"), by=village.county, at=AFTER)

    approve_notice(notice=notice, by=village.second, at=AFTER)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "said"),
    [({"quarter": Quarter(2022, 3)}, "没有冻结"), ({"units": []}, "被通报的区划"),
     ({"units": ["131022999"]}, "被通报的区划"),
     ({"reason": " "}, "事由"), ({"demands": ""}, "整改要求"), ({"follow_due_on": AFTER.date()}, "今天以后")],
)  # fmt: skip
def test_a_notice_that_cannot_be_is_refused(village, changes, said):
    with pytest.raises(DutyRefused, match=said):
        draft_notice(plan=plan(**changes), by="test", at=AFTER)
    assert not DutyNotice.objects.exists()


@pytest.mark.django_db
def test_a_late_follow_up_is_told_until_it_is_there(village, time_machine):
    notice = published(village)
    time_machine.move_to(AFTER + timedelta(days=60), tick=False)
    row = page_of(village.county, "notice_list").context["list"].table.rows[0]
    assert row.cells["state"].value == "后续逾期"

    follow_notice(notice=notice, told="已补齐。", by=village.county, at=AFTER + timedelta(days=60))

    row = page_of(village.county, "notice_list").context["list"].table.rows[0]
    assert row.cells["state"].value == "后续已登记"


@pytest.mark.django_db
def test_the_pages_draft_approve_publish_and_follow(village):
    client = Client()
    client.force_login(village.county)
    proposals = client.get(reverse("duties:notice_draft")).context["list"]
    assert [(row.key, row.cells["proposal"].value) for row in proposals.table.rows] == [(TOWN, "通报批评")]
    url = next(act.url for act in proposals.actions if act.url.endswith("criticism"))
    form = client.get(url).context["page"].form
    assert form.initial["units"] == [TOWN]
    assert form.initial["reason"] == "固安镇完成率 50%"
    sent = {
        "kind": "criticism",
        "units": [TOWN],
        "title": "通报",
        "reason": "没有完成",
        "demands": "",
        "follow_due_on": "",
    }
    assert "须写明整改要求" in client.post(url, sent).content.decode()

    answer = client.post(url, {**sent, "demands": "补齐", "follow_due_on": "2023-02-12"})

    notice = DutyNotice.objects.get()
    assert answer.url == reverse("duties:notice_detail", args=[notice.pk])
    client.force_login(village.second)
    for step in ("approve", "publish"):
        assert client.post(reverse(f"duties:notice_{step}", args=[notice.pk])).status_code == 302
    assert client.post(reverse("duties:notice_resolve", args=[notice.pk]), {"follow_up": "已改"}).status_code == 302
    notice.refresh_from_db()
    assert (notice.state, notice.follow_up) == ("followed", "已改")
