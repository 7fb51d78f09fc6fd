"""Information and briefings (A-21): numbers without a gap whoever issues at once, adoption counts that open."""

import io
import threading
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import docx
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from shian.domains.campaign.actions.briefings import (
    Again,
    BriefingRefused,
    adopt_dispatch,
    decline_dispatch,
    edit_dispatch,
    issue_briefing,
    note_reprint,
    send_dispatch,
)
from shian.domains.campaign.definitions.briefings import briefing_paper
from shian.domains.campaign.models import Briefing, Dispatch, DispatchState, MediumLevel, Reprint, Series
from shian.domains.campaign.queries.briefings import adoptions, dispatches_for, items_of, last_number
from shian.domains.campaign.rules.briefings import issue_words
from shian.domains.campaign.tables.briefings import briefing_words
from shian.domains.campaign.tests.factories import make_areas, make_organisation, make_user
from shian.kernel.accounts.models import Role, User
from shian.kernel.imports.actions import import_path
from shian.kernel.notary.models import Entry
from shian.kernel.scope.models import OutOfReach
from shian.registers.people.models import Organisation, Post

AT = datetime(2023, 3, 6, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def agriculture(db) -> Organisation:
    make_areas()
    return make_organisation("AGRI")


@pytest.fixture
def liaison(agriculture: Organisation) -> User:
    user = make_user("liaison", Role.DEPARTMENT)
    Post.objects.filter(person__user=user).update(organisation=agriculture)
    return user


@pytest.fixture
def office(agriculture: Organisation) -> User:
    return make_user("office", Role.OFFICE)


def sent(unit: Organisation, title: str = "春耕农资检查") -> Dispatch:
    return send_dispatch(unit=unit, title=title, text="检查农资门店 20 家。", by="test", at=AT)


def adopted(unit: Organisation, title: str = "春耕农资检查") -> Dispatch:
    made = sent(unit, title)
    edit_dispatch(dispatch=made, title=title, text="检查农资门店20家，立案1起。", by="test", at=AT)
    return adopt_dispatch(dispatch=made, by="test", at=AT)


def issued(*items: Dispatch, series: Series = Series.BRIEF, at: datetime = AT) -> Briefing:
    keys = [each.pk for each in items]
    return issue_briefing(area_key="1310", series=series, title="春季行动", dispatches=keys, by="test", at=at)


def test_an_issue_is_called_by_series_year_and_number() -> None:
    assert issue_words("工作简报", 2023, 7) == "工作简报2023年第7期"


def test_numbers_run_without_a_gap_in_each_series_and_year(agriculture: Organisation) -> None:
    first, second = issued(adopted(agriculture)), issued(adopted(agriculture))
    trend = issued(adopted(agriculture), series=Series.TREND)
    with transaction.atomic():
        issued(adopted(agriculture))
        transaction.set_rollback(True)  # as when the power fails before the commit
    third = issued(adopted(agriculture))
    next_year = issued(adopted(agriculture), at=datetime(2024, 1, 3, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai")))

    assert [each.number for each in (first, second, third)] == [1, 2, 3]
    assert (trend.number, next_year.number) == (1, 1)
    assert last_number("1310", Series.BRIEF, 2023) == 3


@pytest.mark.django_db(transaction=True)
def test_two_who_issue_at_the_same_moment_get_two_numbers_in_a_row() -> None:
    make_areas()
    unit = make_organisation("AGRI")
    items = [adopted(unit, f"第{number}条") for number in range(4)]
    gate, told = threading.Barrier(2), list[int]()

    def work(mine: list[Dispatch]) -> None:
        try:
            gate.wait()
            told.extend(issued(each).number for each in mine)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(mine,)) for mine in (items[:2], items[2:])]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)

    assert sorted(told) == [1, 2, 3, 4]
    assert sorted(Briefing.objects.values_list("number", flat=True)) == [1, 2, 3, 4]


@pytest.mark.django_db(transaction=True)
def test_one_item_stands_in_one_issue_when_two_editors_choose_it_at_once() -> None:
    make_areas()
    item = adopted(make_organisation("AGRI"))
    gate, outcomes = threading.Barrier(2), list[str]()

    def work() -> None:
        try:
            gate.wait()
            issued(item)
            outcomes.append("issued")
        except BriefingRefused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _each in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)

    assert sorted(outcomes) == ["issued", "refused"]
    assert Briefing.objects.get().number == 1


def test_the_database_numbers_by_itself_and_refuses_to_change_an_issue(agriculture: Organisation) -> None:
    made = issued(adopted(agriculture))
    for change in (lambda: Briefing.objects.filter(pk=made.pk).update(number=7),
                   lambda: Briefing.objects.filter(pk=made.pk)._raw_delete("default")):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    told = {"series": "brief", "year": 2023, "title": "x", "issued_on": AT.date(), "issued_at": AT, "issued_by": "x"}
    forged = Briefing.objects.create(number=99, city="1310", province="13", **told)

    forged.refresh_from_db()
    assert forged.number == 2


@pytest.mark.parametrize("page", ["problem_board", "briefing_list", "dispatch_list", "act_list", "meeting_list"])
@pytest.mark.parametrize("year", ["0", "99999", "²⁰²³", "9" * 5000, "2023-"])
def test_what_is_no_year_is_left_out(
    agriculture: Organisation, office: User, client: Client, page: str, year: str
) -> None:
    client.force_login(office)

    assert client.get(reverse(f"campaign:{page}"), {"year": year, "show": "sent"}).status_code == 200


def test_a_units_adoption_count_equals_the_items_that_bear_its_name(
    agriculture: Organisation, office: User, client: Client
) -> None:
    health = make_organisation("HEALTH")
    issued(adopted(agriculture, "甲"), adopted(agriculture, "乙"), adopted(health, "丙"))
    adopted(agriculture, "等待刊登")
    decline_dispatch(dispatch=sent(agriculture, "不用"), reason="内容重复", by="test", at=AT)

    found = {each.unit.code: (each.sent, each.printed) for each in adoptions(office, 2023)}

    assert found == {agriculture.code: (4, 2), health.code: (1, 1)}
    client.force_login(office)
    page = client.get(reverse("campaign:briefing_list"), {"year": "2023"}).content.decode()
    address = f"{reverse('campaign:dispatch_list')}?unit={agriculture.code}&amp;year=2023&amp;show=printed"
    assert address in page
    opened = client.get(address.replace("&amp;", "&")).content.decode()
    assert opened.count("data-href=") == 2
    assert "等待刊登" not in opened
    assert "丙" not in opened


def test_the_paper_carries_every_item_under_the_name_of_its_unit(
    agriculture: Organisation, office: User, client: Client
) -> None:
    made = issued(adopted(agriculture))
    client.force_login(office)

    answer = client.get(reverse("campaign:briefing_download", args=[made.pk]))

    text = [each.text for each in docx.Document(io.BytesIO(answer.content)).paragraphs]
    assert "工作简报2023年第1期" in text
    assert "一、春耕农资检查" in text
    assert "检查农资门店20家，立案1起。" in text
    assert f"（{agriculture.name}）" in text


def test_the_paper_is_in_chinese_for_a_reader_of_english(agriculture: Organisation) -> None:
    made = issued(adopted(agriculture))

    with override("en"):
        paper = docx.Document(io.BytesIO(briefing_paper(made, items_of(made))))
        assert briefing_words(made) == "Work briefing 2023 No. 1"

    assert "工作简报2023年第1期" in [each.text for each in paper.paragraphs]


def test_an_item_goes_from_submitted_over_edited_to_adopted_and_keeps_what_the_unit_wrote(
    agriculture: Organisation,
) -> None:
    made = sent(agriculture)
    with pytest.raises(BriefingRefused, match="先编辑"):
        adopt_dispatch(dispatch=made, by="test", at=AT)
    with pytest.raises(BriefingRefused, match="尚未采用"):
        issued(made)
    edited = edit_dispatch(dispatch=made, title="改后", text="改后正文", by="test", at=AT)
    assert (edited.state, edited.text, edited.shown_title) == (DispatchState.EDITED, "检查农资门店 20 家。", "改后")

    issue = issued(adopt_dispatch(dispatch=made, by="test", at=AT))

    assert [each.pk for each in items_of(issue)] == [made.pk]
    with pytest.raises(BriefingRefused, match="已印发"):
        edit_dispatch(dispatch=made, title="再改", text="再改", by="test", at=AT)
    sent_in, printed, _adopted = Entry.objects.filter(subject=f"campaign.dispatch:{made.pk}").order_by("id")
    assert (sent_in.data["text"], printed.data["edited_text"]) == ("检查农资门店 20 家。", "改后正文")


def test_a_reprint_is_noted_once_and_only_of_what_was_issued(agriculture: Organisation, office: User) -> None:
    made = adopted(agriculture)
    again = Again("某省日报", MediumLevel.PROVINCE, date(2023, 3, 5))
    with pytest.raises(BriefingRefused, match="印发后"):
        note_reprint(dispatch=made, again=again, by="test", at=AT)
    issued(made)
    note_reprint(dispatch=made, again=again, by="test", at=AT)

    with pytest.raises(BriefingRefused, match="已经登记"):
        note_reprint(dispatch=made, again=again, by="test", at=AT)
    assert Reprint.objects.get().medium == "某省日报"
    assert adoptions(office)[0].reprinted == 1


def test_a_liaison_officer_sends_for_the_own_unit_and_sees_what_became_of_it(
    agriculture: Organisation, liaison: User, office: User, client: Client
) -> None:
    other = sent(make_organisation("HEALTH"), "别家的")
    client.force_login(liaison)

    form = {"unit": agriculture.code, "title": "春耕", "text": "内容"}
    answer = client.post(reverse("campaign:dispatch_create"), form)

    mine = Dispatch.objects.get(title="春耕")
    assert answer["Location"] == reverse("campaign:dispatch_detail", args=[mine.pk])
    assert set(dispatches_for(liaison)) == {mine}
    assert client.get(reverse("campaign:dispatch_detail", args=[other.pk])).status_code == 404
    assert client.post(reverse("campaign:dispatch_edit", args=[mine.pk]), form).status_code == 403
    with pytest.raises(OutOfReach):
        send_dispatch(unit=other.unit, title="x", text="x", by=liaison, at=AT)


def test_the_office_edits_adopts_and_issues_on_the_pages(
    agriculture: Organisation, office: User, client: Client
) -> None:
    made = sent(agriculture)
    client.force_login(office)
    client.post(reverse("campaign:dispatch_edit", args=[made.pk]), {"title": "农资检查", "text": "正文"})
    client.post(reverse("campaign:dispatch_adopt", args=[made.pk]))

    form = {"series": "brief", "title": "春季行动", "items": [made.pk]}
    answer = client.post(reverse("campaign:briefing_create"), form)

    issue = Briefing.objects.get()
    assert answer["Location"] == reverse("campaign:briefing_detail", args=[issue.pk])
    assert "农资检查" in client.get(answer["Location"]).content.decode()
    twice = client.post(reverse("campaign:briefing_create"), form)
    assert twice.status_code == 422
    client.post(reverse("campaign:reprint_create", args=[made.pk]), {
        "medium": "某网", "level": "national", "on": "2023-03-07", "url": ""})  # fmt: skip
    assert "某网" in client.get(reverse("campaign:dispatch_detail", args=[made.pk])).content.decode()


HEAD = "编发区划,标题,正文,报送单位编码,报送日期,状态,未采用原因,刊名,期次,简报标题,印发日期\n"


def brought(tmp_path: Path, *rows: str) -> Any:
    path = tmp_path / "dispatches.csv"
    path.write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return import_path(path=path, importer="dispatches", by="test", at=AT)[0]


def line(unit: Organisation, title: str, issue: int | str = "", reason: str = "") -> str:
    state = "已采用" if issue else "未采用" if reason else "待编辑"
    printed = f"工作简报,{issue},进展,2023-03-06" if issue else ",,,"
    return f"131000,{title},正文,{unit.code},2023-03-01,{state},{reason},{printed}"


def test_a_file_brings_items_and_issues_in_the_order_of_their_numbers_and_once(
    agriculture: Organisation, office: User, tmp_path: Path
) -> None:
    rows = [line(agriculture, "丙", 2), line(agriculture, "甲", 1), line(agriculture, "乙", 1), line(agriculture, "丁"),
            line(agriculture, "戊", reason="重复")]  # fmt: skip

    first, again = brought(tmp_path, *rows), brought(tmp_path, *rows)

    assert (first.accepted, first.rejected) == (5, 0)
    assert again.rejected == 0
    assert [(each.number, [item.title for item in items_of(each)]) for each in Briefing.objects.order_by("number")] == [
        (1, ["甲", "乙"]), (2, ["丙"])
    ]  # fmt: skip
    assert adoptions(office, 2023)[0].printed == 3
    assert issued(adopted(agriculture)).number == 3
    assert Dispatch.objects.count() == 6


def test_a_file_with_a_gap_in_its_numbers_names_the_row(agriculture: Organisation, tmp_path: Path) -> None:
    told = brought(tmp_path, line(agriculture, "甲", 1), line(agriculture, "乙", 3))

    assert (told.accepted, told.rejected) == (1, 1)
    assert Briefing.objects.get().number == 1
