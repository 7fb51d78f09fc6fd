"""The library of papers: what is in force, what it replaced, who has not acknowledged it, who is asked again."""

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from shian.domains.campaign.actions.papers import (
    PaperRefused,
    acknowledge_paper,
    approve_paper,
    draft_paper,
    issue_paper,
    remind_paper,
)
from shian.domains.campaign.models import Paper, PaperReceipt
from shian.domains.campaign.queries.papers import papers_for
from shian.domains.campaign.tests.factories import make_organisation, make_user
from shian.kernel.accounts.models import Role
from shian.kernel.imports.actions import import_path
from shian.kernel.notary.models import Entry
from shian.kernel.notices.models import Notice
from shian.kernel.scope.models import OutOfReach
from shian.registers.people.models import Post

ZONE = ZoneInfo("Asia/Shanghai")
AT = datetime(2023, 3, 6, 9, 0, tzinfo=ZONE)
DAY = date(2023, 3, 6)
OLD, NEW = "廊创办〔2022〕1号", "廊创办〔2023〕1号"
pytestmark = pytest.mark.django_db


@pytest.fixture
def units(city):
    make_organisation("CAMPO", kind="指挥部办公室", is_campaign_department=False)
    return make_organisation("AGRI", name="廊坊市农业农村局"), make_organisation("EDU", name="廊坊市教育局")


@pytest.fixture
def office(units):
    return make_user("writer", Role.OFFICE)


@pytest.fixture
def liaison(units):
    user = make_user("liaison", Role.DEPARTMENT)
    Post.objects.filter(person__user=user).update(organisation=units[0], kind="联络员")
    return user


def drafted(by, doc_no=OLD, **more) -> Paper:
    told = {"doc_no": doc_no, "title": "创建实施方案", "kind": "实施方案", "issuer_id": "1310-CAMPO", **more}
    return draft_paper(area_key="1310", told=told, by=by, at=AT)


def issued(by, units, doc_no=OLD, **more) -> Paper:
    paper = approve_paper(paper=drafted(by, doc_no, **more), meeting="第 12 次常务会议", on=DAY, by=by, at=AT)
    issue_paper(paper=paper, units=units, by=by, at=AT)
    return Paper.objects.get(pk=paper.pk)


def test_a_paper_is_approved_before_it_is_issued_and_each_step_is_sealed(office, units) -> None:
    paper = drafted(office)
    with pytest.raises(PaperRefused):
        issue_paper(paper=paper, units=units, by=office, at=AT)
    approve_paper(paper=paper, meeting="第 12 次常务会议", on=DAY, by=office, at=AT)
    issue_paper(paper=paper, units=units, by=office, at=AT)
    with pytest.raises(PaperRefused):
        approve_paper(paper=paper, meeting="再次", on=DAY, by=office, at=AT)
    entries = Entry.objects.filter(subject=f"campaign.paper:{paper.pk}").order_by("pk")
    assert [each.action for each in entries] == [
        "campaign.paper_drafted", "campaign.paper_approved", "campaign.paper_issued",
    ]  # fmt: skip


def test_the_search_of_a_number_tells_the_version_in_force_and_who_has_not_signed(
    client, office, liaison, units
) -> None:
    old = issued(office, units)
    new = issued(office, units, NEW, supersedes=old)
    acknowledge_paper(paper=new, by=liaison, at=AT)
    client.force_login(office)
    for asked in (OLD, NEW):  # the old number leads to the new paper as well
        told = client.get(reverse("campaign:paper_list"), {"q": asked}).content.decode()
        assert f"现行版本：{NEW} 第 2 版（2023-03-06 印发），替代了 {OLD}" in told
        assert "未签收 1 家：EDU" in told
    page = client.get(reverse("campaign:paper_detail", args=[old.pk])).content.decode()
    assert f"本文件已被 {NEW} 替代" in page


def test_a_unit_acknowledges_for_itself_and_once(client, office, liaison, units) -> None:
    paper = issued(office, units)
    client.force_login(liaison)
    assert "签收" in client.get(reverse("campaign:paper_detail", args=[paper.pk])).content.decode()
    client.post(reverse("campaign:paper_acknowledge", args=[paper.pk]))
    signed = PaperReceipt.objects.get(paper=paper, unit=units[0])
    assert (signed.acknowledged_by, signed.acknowledged_on is not None) == ("liaison", True)
    assert PaperReceipt.objects.get(paper=paper, unit=units[1]).acknowledged_on is None
    with pytest.raises(PaperRefused):
        acknowledge_paper(paper=paper, by=liaison, at=AT)
    with pytest.raises(OutOfReach):
        acknowledge_paper(paper=paper, by=office, at=AT)


def test_only_units_that_have_not_acknowledged_are_asked_again(office, liaison, units) -> None:
    paper = issued(office, units)
    assert remind_paper(paper=paper, by=office, at=AT) == 1
    assert Notice.objects.filter(recipient=liaison, level="due").count() == 1
    acknowledge_paper(paper=paper, by=liaison, at=AT)
    assert remind_paper(paper=paper, by=office, at=AT) == 0  # the other unit has no officer with an account


def test_drafts_are_the_offices_and_counties_read_what_the_city_issued(office, units) -> None:
    county, stranger = make_user("county", Role.COUNTY, "131022"), make_user("far", Role.COUNTY, "131102")
    draft, paper = drafted(office), issued(office, units, NEW)
    assert set(papers_for(office)) == {draft, paper}
    assert set(papers_for(county)) == {paper}
    assert not papers_for(stranger).exists()


def test_papers_and_receipts_come_as_files(tmp_path: Path, office, units) -> None:
    papers = tmp_path / "papers.csv"
    papers.write_text(
        "文号,版本,文件名称,文件类别,区划代码,印发单位编码,适用范围,替代文号,审定日期,审定会议,印发日期\n"
        f"{OLD},1,创建实施方案,实施方案,131000,1310-CAMPO,,,2022-05-01,常务会议,2022-05-07\n"
        f"{NEW},2,创建实施方案,实施方案,131000,1310-CAMPO,,{OLD},2023-02-01,常务会议,2023-02-10\n",
        encoding="utf-8",
    )
    receipts = tmp_path / "receipts.csv"
    receipts.write_text(
        f"文号,版本,单位编码,发送日期,签收日期,签收人\n{NEW},2,1310-AGRI,2023-02-10,2023-02-11,王安\n"
        f"{NEW},2,1310-EDU,2023-02-10,,\n{NEW},1,1310-EDU,2023-02-10,,\n",
        encoding="utf-8",
    )
    first = import_path(path=papers, importer="papers", by="office", at=AT)[0]
    assert (first.new, Paper.objects.get(doc_no=NEW).supersedes.doc_no) == (2, OLD)
    papers.write_text(papers.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    again = import_path(path=papers, importer="papers", by="office", at=AT)[0]
    assert (again.same, again.changed, again.new) == (2, 0, 0)
    told = import_path(path=receipts, importer="paper_receipts", by="office", at=AT)[0]
    assert (told.new, told.rejected) == (2, 1)  # the paper has no first version under this number


@pytest.mark.parametrize("name", ["paper_create", "paper_list"])
def test_departments_read_the_library_and_write_nothing(client, liaison, name) -> None:
    client.force_login(liaison)
    assert client.get(reverse(f"campaign:{name}")).status_code == (200 if name == "paper_list" else 403)
