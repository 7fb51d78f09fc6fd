"""Pages of documents: who sees what, what a refusal shows, what is downloaded."""

import io
import re

import pytest
from django.urls import reverse
from docx import Document as read_docx
from python_calamine import CalamineWorkbook

from shian.engine.ledgers.tests.factories import make_operator
from shian.engine.reports import actions
from shian.engine.reports.kinds import Blocker
from shian.engine.reports.models import Document, DocumentState
from shian.engine.reports.tests.factories import make_user
from shian.engine.reports.tests.test_actions import AT, published, write
from shian.kernel.accounts.models import Role


@pytest.fixture
def alice(brief, client):
    user = make_user("alice", Role.OFFICE, "1310")
    client.force_login(user)
    return user


def url(name: str, document: Document) -> str:
    return reverse(f"reports:document_{name}", args=[document.pk])


def test_list_shows_the_documents_of_the_reach(alice, client):
    document = write()

    page = client.get(reverse("reports:document_list")).content.decode()

    assert document.title in page
    assert url("detail", document) in page
    assert reverse("reports:document_create") in page


def test_others_see_published_documents_of_their_reach_only(brief, client):
    alice = make_user("alice", Role.OFFICE, "1310")
    public, other = write("131002"), write("131022")
    for document in (public, other):
        actions.check_document(document=document, by="alice", at=AT)
        actions.sign_document(document=document, by="alice", at=AT)
        actions.publish_document(document=document, by=alice, at=AT)
    draft = write("131002")
    client.force_login(make_user("carol", Role.COUNTY, "131002"))

    page = client.get(reverse("reports:document_list")).content.decode()

    assert url("detail", public) in page
    assert url("detail", draft) not in page
    assert url("detail", other) not in page
    assert client.get(url("detail", public)).status_code == 200
    assert client.get(url("detail", draft)).status_code == 404
    assert client.get(url("download", other)).status_code == 404
    assert client.get(reverse("reports:document_create")).status_code == 403
    assert client.post(url("publish", public)).status_code == 403


def test_create_writes_a_draft_and_opens_it(alice, client):
    answer = client.post(reverse("reports:document_create"), {"kind": "brief", "area": "131000", "as_of": "2022-11-24"})

    document = Document.objects.get()
    assert answer.url == url("detail", document)
    assert (document.created_by, document.area_code) == ("alice", "131000")


def test_create_lists_every_blocker_with_its_link(alice, brief, client):
    brief.blockers += [Blocker("食安要务督办", "没有得分", "/campaign/items/1.1.1/"), Blocker("另一项")]

    answer = client.post(reverse("reports:document_create"), {"kind": "brief", "area": "131000", "as_of": "2022-11-24"})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "还有 2 项没有办完" in page
    assert '<a href="/campaign/items/1.1.1/">食安要务督办</a>' in page
    assert not Document.objects.exists()


@pytest.mark.parametrize(("field", "value"), [("as_of", "2999-01-01"), ("as_of", "1999-01-01"), ("area", "139900")])
def test_create_refuses_impossible_dates_and_areas(alice, client, field, value):
    asked = {"kind": "brief", "area": "131000", "as_of": "2022-11-24", field: value}

    assert client.post(reverse("reports:document_create"), asked).status_code == 422
    assert not Document.objects.exists()


def test_create_refuses_an_area_beyond_the_reach(brief, client):
    client.force_login(make_user("dora", Role.OFFICE, "131002"))

    answer = client.post(reverse("reports:document_create"), {"kind": "brief", "area": "131022", "as_of": "2022-11-24"})

    assert answer.status_code == 422


def test_detail_shows_text_figures_and_the_next_step(alice, client):
    document = write()

    page = client.get(url("detail", document)).content.decode()

    rows = client.get(url("detail", document), {"view": "figures"}).content.decode()
    assert "开展巡查" in page
    assert "1 个指标没有数据" in page
    assert url("check", document) in page
    assert url("sign", document) not in page
    assert f'href="{reverse("figures:figure_detail", args=["operators.total"])}?area=131000' in page
    assert "operators.total" in rows


def test_detail_marks_a_changed_figure_until_it_is_accepted(alice, client):
    document = write()
    make_operator(900)

    page = client.post(url("check", document), follow=True).content.decode()
    assert "有变化" in page
    assert "20家 → 21家" in page
    client.post(url("accept", document), {"order": ["1"], "reason": "以报送数据为准"})

    document.refresh_from_db()
    page = client.get(url("detail", document), {"view": "figures"}).content.decode()
    assert document.state == DocumentState.CHECKED
    assert "以报送数据为准" in page
    assert url("sign", document) in page


def test_accept_without_a_reason_keeps_the_change_open(alice, client):
    document = write()
    make_operator(900)
    client.post(url("check", document))

    answer = client.post(url("accept", document), {"order": ["1"], "reason": ""})

    assert answer.status_code == 422
    assert "采用写稿值的理由" in answer.content.decode()


def test_a_second_check_says_that_accepted_differences_stand(alice, client):
    document = write()
    make_operator(900)
    client.post(url("check", document))
    client.post(url("accept", document), {"order": ["1"], "reason": "以报送数据为准"})

    page = client.post(url("check", document), follow=True).content.decode()

    assert "没有新的变化；1 个数据仍按已写明的理由采用写稿值，可以签发。" in page
    assert "全部数据与登记册一致" not in page


def test_create_says_when_the_draft_is_there_already_or_has_been_updated(alice, client):
    asked = {"kind": "brief", "area": "131000", "as_of": "2022-11-24"}
    document = write()

    same = client.post(reverse("reports:document_create"), asked, follow=True).content.decode()
    make_operator(900)
    updated = client.post(reverse("reports:document_create"), asked, follow=True).content.decode()

    assert "这份草稿已经有了" in same
    assert "已更新为第 2 稿" in updated
    assert Document.objects.get() == document


def test_former_texts_are_listed_and_opened_by_writers_only(alice, client):
    document = write()
    former = document.file
    make_operator(900)
    client.post(url("rewrite", document))

    page = client.get(url("detail", document), {"view": "versions"}).content.decode()
    opened = client.get(url("download", document), {"version": "1"})

    assert "在册主体 20家 → 21家" in page
    assert read_docx(io.BytesIO(b"".join(opened.streaming_content))).paragraphs
    assert "%E7%AC%AC1%E7%A8%BF" in opened.headers["Content-Disposition"]  # 第1稿
    assert former != Document.objects.get(pk=document.pk).file
    assert client.get(url("download", document), {"version": "7"}).status_code == 404
    assert client.get(url("download", document), {"version": "x"}).status_code == 404
    for verb in ("check", "sign", "publish"):
        client.post(url(verb, document))
    client.force_login(make_user("erik", Role.ASSESSOR, "1310"))
    assert client.get(url("download", document), {"version": "1"}).status_code == 404
    assert "历次文稿" not in client.get(url("detail", document), {"view": "versions"}).content.decode()


def test_the_whole_way_to_publication(alice, client):
    document = write()
    for verb in ("check", "sign", "publish"):
        client.post(url(verb, document))

    document.refresh_from_db()
    assert document.state == DocumentState.PUBLISHED
    assert url("rewrite", document) not in client.get(url("detail", document)).content.decode()
    assert "不能这样做" in client.post(url("check", document), follow=True).content.decode()


def test_publish_names_the_figures_that_changed_after_signing(alice, client):
    document = write()
    client.post(url("check", document))
    client.post(url("sign", document))
    make_operator(900)

    page = client.post(url("publish", document), follow=True).content.decode()

    assert "没有公布：1 个数据在签发后又有变化（在册主体）" in page
    document.refresh_from_db()
    assert document.state == DocumentState.SIGNED


def test_rewrite_takes_todays_figures(alice, client):
    document = write()
    make_operator(900)

    client.post(url("rewrite", document))

    assert document.figures.get(order=1).shown == "21家"


def test_download_gives_docx_and_xlsx(alice, client):
    document = write()

    docx = b"".join(client.get(url("download", document)).streaming_content)
    xlsx = client.get(url("download", document), {"format": "xlsx"})

    book = CalamineWorkbook.from_filelike(io.BytesIO(xlsx.content))
    figures = book.get_sheet_by_name("指标清单").to_python()
    facts = dict(row[:2] for row in book.get_sheet_by_name("说明").to_python())
    assert read_docx(io.BytesIO(docx)).paragraphs[0].text == "廊坊市工作简报"
    assert figures[1][:4] == [1.0, "在册主体", "operators.total", "131000"]
    assert figures[1][6] == 20.0
    assert facts["导出"].startswith("alice（")
    assert facts["文稿校验值 SHA-256"] == document.file.sha256
    assert [name for name in book.sheet_names if name.startswith(("1.", "2."))] == ["1.按单位失分", "2.逐项结果"]
    assert re.search("filename", xlsx.headers["Content-Disposition"])


def test_a_published_document_is_seen_by_everybody_in_reach(brief, client):
    document = published(make_user("alice", Role.OFFICE, "1310"))
    client.force_login(make_user("erik", Role.ASSESSOR, "1310"))

    assert client.get(url("detail", document)).status_code == 200
