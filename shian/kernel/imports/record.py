"""One batch as a record: its facts, what can be done with it, and what happened to it."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from shian.kernel.imports.models import BatchState, ImportBatch
from shian.kernel.imports.queries import may_be_undone, unchanged_text
from shian.kernel.imports.specs import ImportSpec
from shian.kernel.imports.tables import state_cell
from shian.kernel.notary.queries import entries_of
from shian.kernel.ui.actors import actor
from shian.kernel.ui.pages import RecordPage
from shian.kernel.ui.pieces import Action, Callout, Crumb, Fact, Section, TimelineEntry

TITLES = {
    "imports.accepted": gettext_lazy("已接收"),
    "imports.difference_accepted": gettext_lazy("接受差额"),
    "imports.cancelled": gettext_lazy("已取消"),
    "imports.headings_matched": gettext_lazy("手工对应表头"),
    "imports.undone": gettext_lazy("已撤销"),
}


def batch_record(batch: ImportBatch, spec: ImportSpec, before: ImportBatch | None = None) -> RecordPage:
    """The page of one batch; `before` is the accepted one that it would only repeat."""
    state = state_cell(batch)
    return RecordPage(
        title=batch.name,
        code=_("批次 %(number)s") % {"number": batch.pk},
        kind=_("导入批次 · %(title)s") % {"title": spec.title},
        state=state.state,
        state_label=str(state.value),
        crumbs=[Crumb(_("数据导入"), reverse("imports:batch_list"))],
        actions=list(_actions(batch, before)),
        sections=[Section(_("批次"), _facts(batch)), Section(_("检查结果"), _counts(batch))],
        timeline=_timeline(batch),
    )


def _url(name: str, batch: ImportBatch) -> str:
    return reverse(f"imports:{name}", args=[batch.pk])


def repeats_callout(before: ImportBatch) -> Callout:
    """Says that the content is in the register already, and leads to the batch that brought it."""
    link = Action(_("打开批次 %(number)s") % {"number": before.pk}, _url("batch_detail", before))
    return Callout(_("与上一批相同"), unchanged_text(before), state="due", actions=[link])


def _actions(batch: ImportBatch, before: ImportBatch | None) -> Iterator[Action]:
    """A batch without a good row offers its bad rows and the way out, nothing else."""
    if batch.rows_bad:
        yield Action(_("下载问题行"), _url("batch_bad_rows", batch), icon="download")
    if may_be_undone(batch, timezone.now()):
        yield Action(_("撤销导入"), _url("batch_undo", batch), icon="history")
    if not batch.is_open or batch.work:
        return
    is_hopeless = batch.rows_bad and not batch.rows_good
    if batch.headings and not is_hopeless:
        yield Action(_("手工对应表头"), _url("batch_match", batch), icon="table")
    if not is_hopeless:
        yield Action(_("重新检查"), _url("batch_check", batch), icon="refresh", method="post")
    if batch.state == BatchState.CHECKED and batch.rows_good:
        yield _accept(batch, before)
    yield Action(
        _("取消批次"), _url("batch_cancel", batch), icon="x", kind="quiet", method="post",
        consequence=_("不导入任何数据；文件保留备查。"),
    )  # fmt: skip


def undo_words(batch: ImportBatch) -> str:
    """What undoing will do, in words."""
    told = {"new": batch.rows_new, "changed": batch.rows_changed}
    return (
        _("将删除新增的 %(new)s 行，把变更的 %(changed)s 行恢复到接收以前；此后又有变更或被引用的，不能撤销。") % told
    )


def _accept(batch: ImportBatch, before: ImportBatch | None) -> Action:
    """Content that is in already is accepted again only on a word of its own."""
    url, consequence = _url("batch_accept", batch), _consequence(batch)
    if before is None:
        return Action(_("接收"), url, icon="check", kind="primary", method="post", consequence=consequence)
    return Action(_("仍然接收"), url, icon="check", method="post", name="again", value="1", consequence=consequence)


def _consequence(batch: ImportBatch) -> str:
    """What accepting will do, in words."""
    text = _("将新增 %(new)s 行、变更 %(changed)s 行，%(same)s 行与现有数据相同、不会改动。变更自 %(day)s 起生效。") % {
        "new": batch.rows_new,
        "changed": batch.rows_changed,
        "same": batch.rows_same,
        "day": batch.effective_on,
    }
    if batch.rows_bad:
        text += _("有误的 %(bad)s 行不导入，可下载改正后再传。") % {"bad": batch.rows_bad}
    if batch.unmet:
        text += _("合计差额已由 %(by)s 接受。") % {"by": actor(batch.difference_by)}
    return text


def _facts(batch: ImportBatch) -> list[Fact]:
    return [
        Fact(_("文件"), batch.name, url=_url("batch_file", batch)),
        Fact(_("内容哈希"), batch.file.sha256, kind="code", is_copied=True),
        Fact(_("生效日期"), batch.effective_on),
        Fact(_("上传人"), actor(batch.created_by)),
        Fact(_("上传时间"), batch.created_at),
        *([Fact(_("数据包"), batch.package)] if batch.package else []),
    ]


def _counts(batch: ImportBatch) -> list[Fact]:
    return [
        Fact(_("文件行数"), batch.rows_total),
        Fact(_("合格"), batch.rows_good),
        Fact(_("有误"), batch.rows_bad),
        Fact(pgettext("count", "提醒"), batch.warnings),
        Fact(_("新增"), batch.rows_new),
        Fact(_("变更"), batch.rows_changed),
        Fact(_("未变"), batch.rows_same),
    ]


def _timeline(batch: ImportBatch) -> list[TimelineEntry]:
    entries = [
        TimelineEntry(
            TITLES.get(entry.action, entry.action),
            entry.at,
            by=actor(entry.actor),
            body=str(entry.data.get("reason", "")),
            seal=entry.seal,
        )
        for entry in entries_of(f"imports.importbatch:{batch.pk}")
    ]
    return [*entries, TimelineEntry(_("已上传"), batch.created_at, by=actor(batch.created_by), icon="upload")]
