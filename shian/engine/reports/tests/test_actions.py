"""From draft to publication: what each verb writes, seals and refuses."""

import io
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.utils import timezone
from docx import Document as read_docx

from shian.engine.ledgers.tests.factories import make_operator
from shian.engine.measures.models import FrozenFigure
from shian.engine.measures.queries import compare_frozen
from shian.engine.reports import actions
from shian.engine.reports.declarations import TemplateRefused
from shian.engine.reports.events import DocumentPublished
from shian.engine.reports.kinds import Blocker, UnknownReportKind
from shian.engine.reports.models import Document, DocumentFigure, DocumentState, DocumentVersion, FigureStatus
from shian.engine.reports.queries import AreaUnknown, document_bytes, open_changes, versions_of
from shian.engine.reports.tests.factories import AS_OF, make_user, write_template
from shian.kernel.accounts.models import Role
from shian.kernel.events.bus import subscribe
from shian.kernel.notary.models import Entry

AT = datetime(2022, 11, 24, 9, 0, tzinfo=timezone.get_current_timezone())


def writing(area: str = "131000", by: str = "alice") -> actions.Writing:
    return actions.write_document(kind="brief", area=area, as_of=AS_OF, by=by, at=AT)


def write(area: str = "131000") -> Document:
    return writing(area).document


def accepted_change(document: Document) -> None:
    """One operator more than printed, and the office keeps what is printed."""
    make_operator(900)
    actions.check_document(document=document, by="bob", at=AT)
    actions.accept_changes(document=document, orders=[1], reason="以报送数据为准", by="bob", at=AT)


def figure(document: Document, title: str) -> DocumentFigure:
    return document.figures.get(title=title)


def figure_list(document: Document) -> list[list[str]]:
    """The rows of the annex that lists the figures."""
    table = read_docx(io.BytesIO(document_bytes(document))).tables[-1]
    return [[cell.text for cell in row.cells] for row in table.rows]


def published(alice) -> Document:
    document = write()
    actions.check_document(document=document, by="alice", at=AT)
    actions.sign_document(document=document, by="alice", at=AT)
    actions.publish_document(document=document, by=alice, at=AT)
    return document


def test_write_document_prints_and_records_every_figure(brief):
    document = write()

    total, patrols, score = document.figures.order_by("order")
    text = "\n".join(p.text for p in read_docx(io.BytesIO(document_bytes(document))).paragraphs)
    assert (document.state, document.area_code, document.title) == ("draft", "131000", "廊坊市工作简报")
    assert (total.measure, total.value, total.shown, total.status) == ("operators.total", 20, "20家", "present")
    assert (patrols.status, patrols.shown, patrols.source) == ("missing", "〔待补充：巡查次数〕", "巡查登记册")
    assert (score.is_supplied, score.shown) == (True, "87.5分（示例权重）")
    assert "截至2022年11月24日，全市在册主体20家，开展巡查〔待补充：巡查次数〕。" in text


def test_write_document_seals_the_file_it_wrote(brief):
    document = write()

    entry = Entry.objects.get(action="reports.document_written")
    assert entry.subject == f"reports.document:{document.pk}"
    assert entry.data["file"] == document.file.sha256


def test_annexes_follow_the_text_and_list_every_figure(brief):
    document = write()

    rows = figure_list(document)
    headings = [
        p.text for p in read_docx(io.BytesIO(document_bytes(document))).paragraphs if p.style.name == "附件标题"
    ]
    assert headings == ["逐项结果", "文中数据一览"]
    assert rows[0][:4] == ["序号", "指标", "统计口径", "地区"]
    assert [row[1] for row in rows[1:]] == ["在册主体", "巡查次数", "得分"]
    assert rows[1][2:5] == ["operators.total", "131000", "2022-11-24"]


def test_write_document_refuses_while_the_kind_has_blockers(brief):
    brief.blockers.append(Blocker("食安要务督办", "没有得分，也没有原因", "/campaign/1.1.1/"))

    with pytest.raises(actions.ReportBlocked) as refusal:
        write()

    assert [blocker.title for blocker in refusal.value.blockers] == ["食安要务督办"]
    assert not Document.objects.exists()


def test_write_document_refuses_what_it_does_not_know(brief):
    with pytest.raises(AreaUnknown):
        write("139900")
    with pytest.raises(actions.WrongLevel):
        write("131002100")
    with pytest.raises(UnknownReportKind):
        actions.write_document(kind="nothing", area="131000", as_of=AS_OF, by="alice", at=AT)


def test_write_document_refuses_a_template_with_a_number_typed_by_hand(brief, packs):
    write_template(packs, (("正文段", "在册主体64098家。"),))

    with pytest.raises(TemplateRefused, match="64098"):
        write()


def test_check_document_finds_nothing_when_the_registers_stand_still(brief):
    document = write()

    assert actions.check_document(document=document, by="bob", at=AT) == []

    document.refresh_from_db()
    assert (document.state, document.checked_by) == (DocumentState.CHECKED, "bob")
    assert [row[-1] for row in figure_list(document)[1:]] == ["一致", "待补充", "一致"]


def test_check_document_marks_a_changed_figure_with_old_and_new(brief):
    document = write()
    make_operator(900)

    left = actions.check_document(document=document, by="bob", at=AT)

    changed = figure(document, "在册主体")
    assert [row.order for row in left] == [1]
    assert (changed.status, changed.shown, changed.now_shown) == (FigureStatus.CHANGED, "20家", "21家")
    assert document.state == DocumentState.DRAFT
    assert figure_list(document)[1][-1] == "有变化：现为21家"


def test_check_document_marks_a_changed_figure_of_the_kind(brief):
    document = write()
    brief.score = Decimal("90.00")

    actions.check_document(document=document, by="bob", at=AT)

    assert figure(document, "得分").now_shown == "90分（示例权重）"


def test_a_change_that_goes_back_is_no_change(brief):
    document = write()
    brief.score = None
    actions.check_document(document=document, by="bob", at=AT)
    brief.score = Decimal("87.5")

    assert actions.check_document(document=document, by="bob", at=AT) == []
    assert figure(document, "得分").status == FigureStatus.PRESENT


def test_accept_changes_keeps_the_printed_value_with_a_reason(brief):
    document = write()
    make_operator(900)
    actions.check_document(document=document, by="bob", at=AT)

    accepted = actions.accept_changes(document=document, orders=[1], reason="以报送数据为准", by="bob", at=AT)

    assert (accepted, document.state) == (1, DocumentState.CHECKED)
    assert figure(document, "在册主体").accepted_reason == "以报送数据为准"
    assert figure_list(document)[1][-1] == "现为21家，采用写稿值：以报送数据为准"


def test_an_acceptance_stands_while_the_value_stays(brief):
    document = write()
    accepted_change(document)

    assert actions.check_document(document=document, by="carol", at=AT + timedelta(days=1)) == []

    kept = figure(document, "在册主体")
    assert (kept.status, kept.accepted_by, kept.accepted_reason) == (FigureStatus.CHANGED, "bob", "以报送数据为准")
    assert document.state == DocumentState.CHECKED
    assert figure_list(document)[1][-1] == "现为21家，采用写稿值：以报送数据为准"


def test_an_acceptance_does_not_cover_a_later_change(brief):
    document = write()
    accepted_change(document)
    make_operator(901)

    left = actions.check_document(document=document, by="bob", at=AT)

    assert [row.now_shown for row in left] == ["22家"]


def test_accept_changes_refuses_an_empty_reason(brief):
    document = write()

    with pytest.raises(ValueError, match="reason"):
        actions.accept_changes(document=document, orders=[1], reason="  ", by="bob", at=AT)


def test_sign_document_refuses_a_draft(brief):
    with pytest.raises(actions.StateForbids):
        actions.sign_document(document=write(), by="carol", at=AT)


def test_check_document_takes_the_signature_away(brief):
    document = write()
    actions.check_document(document=document, by="bob", at=AT)
    actions.sign_document(document=document, by="carol", at=AT)

    actions.check_document(document=document, by="bob", at=AT)

    assert (document.state, document.signed_at, document.signed_by) == (DocumentState.CHECKED, None, "")


def test_publish_document_refuses_a_change_after_signing(brief):
    alice = make_user("alice", Role.OFFICE, "1310")
    document = write()
    actions.check_document(document=document, by="bob", at=AT)
    actions.sign_document(document=document, by="carol", at=AT)
    make_operator(900)

    with pytest.raises(actions.ChangedFigures) as refusal:
        actions.publish_document(document=document, by=alice, at=AT)

    assert [row.title for row in refusal.value.figures] == ["在册主体"]
    assert Document.objects.get().state == DocumentState.SIGNED
    assert not FrozenFigure.objects.exists()


def test_publish_document_refuses_others_than_the_office(brief):
    document = write()

    with pytest.raises(PermissionDenied):
        actions.publish_document(document=document, by=make_user("carol", Role.COUNTY, "1310"), at=AT)


def test_publish_document_freezes_an_accepted_figure_as_it_is_printed(brief):
    document = write()
    accepted_change(document)
    actions.sign_document(document=document, by="carol", at=AT)

    actions.publish_document(document=document, by=make_user("alice", Role.OFFICE, "1310"), at=AT)

    frozen = FrozenFigure.objects.get()
    assert (frozen.value, frozen.unit, compare_frozen(frozen).is_changed) == (20, "家", True)


def test_every_step_refreshes_what_the_kind_computes_itself(brief):
    alice = make_user("alice", Role.OFFICE, "1310")
    document = published(alice)

    assert brief.refreshed == [("131000", AS_OF, "alice", AT)] * 3  # written, checked, published
    assert document.figures.get(title="得分").shown == "87.5分（示例权重）"


def test_publish_document_freezes_the_figures_and_tells(brief):
    alice = make_user("alice", Role.OFFICE, "1310")
    heard: list[DocumentPublished] = []
    subscribe(DocumentPublished, heard.append)

    document = published(alice)

    frozen = FrozenFigure.objects.get()
    assert (frozen.measure, frozen.value, frozen.document) == (
        "operators.total", 20, f"reports.document:{document.pk}",
    )  # fmt: skip
    assert heard[-1].document == document.pk
    assert Entry.objects.filter(action="reports.document_published").count() == 1


def test_the_database_refuses_to_change_a_published_document(brief):
    document = published(make_user("alice", Role.OFFICE, "1310"))

    with pytest.raises(actions.StateForbids):
        actions.rewrite_document(document=document, by="alice", at=AT)
    for change in (
        lambda: Document.objects.filter(pk=document.pk).update(title="别的"),
        lambda: DocumentFigure.objects.filter(document=document).update(shown="0"),
        lambda: DocumentFigure.objects.filter(document=document).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_rewrite_document_prints_todays_figures_from_a_draft_again(brief):
    document = write()
    make_operator(900)
    actions.check_document(document=document, by="bob", at=AT)

    actions.rewrite_document(document=document, by="bob", at=AT + timedelta(days=1))

    assert figure(document, "在册主体").shown == "21家"
    assert not open_changes(document).exists()
    assert document.state == DocumentState.DRAFT
    assert document.checked_at is None


def test_rewrite_document_keeps_the_former_text(brief):
    document = write()
    former = document.file
    make_operator(900)

    actions.rewrite_document(document=document, by="bob", at=AT + timedelta(days=1))

    kept = DocumentVersion.objects.get(document=document)
    assert (kept.number, kept.file, kept.written_by, kept.replaced_by) == (1, former, "alice", "bob")
    assert kept.changes == [{"title": "在册主体", "before": "20家", "after": "21家"}]
    assert (document.version, document.written_by, document.created_by) == (2, "bob", "alice")


def test_the_database_refuses_to_change_a_former_text(brief):
    document = actions.rewrite_document(document=write(), by="bob", at=AT)

    for change in (lambda: versions_of(document).update(number=9), lambda: versions_of(document).delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_writing_the_same_again_returns_the_draft_that_there_is(brief):
    first = writing()

    second = writing(by="bob")

    assert (first.outcome, second.outcome) == ("new", "same")
    assert second.document == first.document
    assert Document.objects.get().version == 1
    assert Entry.objects.filter(subject=f"reports.document:{first.document.pk}").count() == 1


def test_writing_again_updates_the_draft_when_a_figure_has_changed(brief):
    document = write()
    make_operator(900)

    again = writing(by="bob")

    assert (again.outcome, again.document, again.document.version) == ("updated", document, 2)
    assert figure(again.document, "在册主体").shown == "21家"
    assert versions_of(document).get().changes[0]["before"] == "20家"


def test_writing_again_updates_the_draft_when_only_a_table_has_changed(brief):
    write()
    brief.rows[0][1] = "1.50"

    again = writing()

    assert again.outcome == "updated"
    assert versions_of(again.document).get().changes == []


def test_writing_again_leaves_an_accepted_difference_alone(brief):
    document = write()
    accepted_change(document)

    assert writing().outcome == "same"
    assert figure(document, "在册主体").accepted_reason == "以报送数据为准"
    make_operator(901)
    assert writing().outcome == "updated"


@pytest.mark.parametrize("steps", [1, 2])
def test_writing_again_never_touches_a_signed_or_published_document(brief, steps):
    document = write()
    actions.check_document(document=document, by="alice", at=AT)
    actions.sign_document(document=document, by="alice", at=AT)
    if steps > 1:
        actions.publish_document(document=document, by=make_user("alice", Role.OFFICE, "1310"), at=AT)
    make_operator(900)

    again = writing()

    assert (again.outcome, again.document.pk != document.pk) == ("new", True)
    assert figure(document, "在册主体").shown == "20家"


def test_a_draft_of_another_area_is_another_draft(brief):
    assert writing("131002").outcome == "new"
    assert writing("131000").outcome == "new"
