"""Pages of retention: what is due, the schedule, holds, disposals."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from shian.kernel.accounts.permissions import requires
from shian.kernel.notary.queries import entries_of
from shian.kernel.retention import actions
from shian.kernel.retention.forms import DisposalForm, HoldForm
from shian.kernel.retention.models import Disposal, DisposalState, Hold
from shian.kernel.retention.permissions import RETENTION_MANAGE
from shian.kernel.retention.queries import due_files
from shian.kernel.retention.schedule import schedule_at
from shian.kernel.ui.actors import actor
from shian.kernel.ui.pages import FormPage, ListPage, RecordPage
from shian.kernel.ui.pieces import Action, Crumb, Fact, Section, Tab, TimelineEntry
from shian.kernel.ui.tables import Cell, Column, Empty, Row, Table

STATES = {DisposalState.PROPOSED: "due", DisposalState.DONE: "done", DisposalState.REJECTED: "neutral"}
PAGES = (
    ("file_list", gettext_lazy("到期文件")),
    ("disposal_list", gettext_lazy("处置记录")),
    ("hold_list", gettext_lazy("保全")),
    ("rule_list", gettext_lazy("保管期限")),
)
FILES = (
    Column("name", gettext_lazy("文件"), is_fixed=True, is_wide=True),
    Column("size", gettext_lazy("大小"), kind="number", unit="KB"),
    Column("tables", gettext_lazy("记录类别"), kind="code"),
    Column("stored", gettext_lazy("存入时间"), kind="moment"),
    Column("until", gettext_lazy("保管至"), kind="date"),
    Column("result", gettext_lazy("结果"), is_default=False),
)
RULES = (
    Column("table", gettext_lazy("记录类别"), kind="code", is_fixed=True),
    Column("rule", gettext_lazy("保管")),
    Column("years", gettext_lazy("年限")),
    Column("event", gettext_lazy("起算"), kind="code"),
    Column("basis", gettext_lazy("依据"), is_wide=True),
)
HOLDS = (
    Column("table", gettext_lazy("记录类别"), kind="code", is_fixed=True),
    Column("key", gettext_lazy("记录编号"), kind="code"),
    Column("reason", gettext_lazy("保全理由"), is_wide=True),
    Column("placed", gettext_lazy("保全时间"), kind="moment"),
    Column("by", gettext_lazy("保全人")),
    Column("state", gettext_lazy("状态")),
)
DISPOSALS = (
    Column("reason", gettext_lazy("处置理由"), is_fixed=True, is_wide=True),
    Column("files", gettext_lazy("文件数"), kind="number"),
    Column("by", gettext_lazy("提出人")),
    Column("at", gettext_lazy("提出时间"), kind="moment"),
    Column("decided", gettext_lazy("批准人")),
    Column("state", gettext_lazy("状态")),
)


def _tabs(active: str) -> list[Tab]:
    return [Tab(label, reverse(f"retention:{name}"), is_active=name == active) for name, label in PAGES]


def _listed(request: HttpRequest, name: str, table: Table, summary: str, *made: Action) -> HttpResponse:
    page = ListPage(_("归档与留存"), table, summary=summary, tabs=_tabs(name), actions=made)
    return render(request, "ui/page_list.html", {"list": page})


@requires(RETENTION_MANAGE)
def file_list(request: HttpRequest) -> HttpResponse:
    rows = [_due_row(each) for each in due_files(timezone.localdate())]
    empty = Empty(_("没有到期的文件"), _("保管期内、已保全或仍有记录使用的文件不在此列。"))
    propose = Action(_("提出处置"), reverse("retention:disposal_create"), icon="trash", kind="primary")
    told = _("处置须由一人提出、另一人批准；只删除文件内容，名称、哈希和存证保留。")
    return _listed(request, "file_list", Table(FILES, rows, empty=empty), told, *([propose] if rows else []))


def _due_row(each: Any) -> Row:
    cells = {
        "name": each.file.name,
        "size": -(-each.file.size // 1024),
        "tables": " ".join(each.tables),
        "stored": each.file.stored_at,
        "until": each.until,
    }
    return Row(cells, key=str(each.file.pk))


@requires(RETENTION_MANAGE)
def rule_list(request: HttpRequest) -> HttpResponse:
    schedule = schedule_at(timezone.localdate())
    rows = [_rule_row(kind) for _key, kind in sorted(schedule.kinds.items())]
    told = _("自 %(day)s 施行，依据：%(basis)s（可信度 %(confidence)s）。年限在参数包中按日期修订。")
    words = {"day": schedule.valid_from, "basis": schedule.basis, "confidence": schedule.confidence}
    return _listed(request, "rule_list", Table(RULES, rows), told % words)


def _rule_row(kind: Any) -> Row:
    years = _("不销毁") if kind.rule.years is None else _("%(years)s 年") % {"years": kind.rule.years}
    cells = {
        "table": kind.table,
        "rule": kind.rule.title,
        "years": years,
        "event": kind.event,
        "basis": kind.rule.basis,
    }
    return Row(cells, key=kind.table)


@requires(RETENTION_MANAGE)
def hold_list(request: HttpRequest) -> HttpResponse:
    rows = [_hold_row(each) for each in Hold.objects.order_by("-pk")]
    empty = Empty(_("没有保全"), _("涉案、信访或争议期间，对有关记录提出保全，到期也不处置。"))
    new = Action(_("提出保全"), reverse("retention:hold_create"), icon="lock", kind="primary")
    return _listed(request, "hold_list", Table(HOLDS, rows, empty=empty), _("保全期间不处置。"), new)


def _hold_row(hold: Hold) -> Row:
    state = Cell(_("保全中"), state="due") if hold.lifted_at is None else Cell(_("已解除"), state="neutral")
    cells = {
        "table": hold.table,
        "key": hold.key or _("全部"),
        "reason": hold.reason,
        "placed": hold.placed_at,
        "by": actor(hold.placed_by),
        "state": state,
    }
    url = reverse("retention:hold_end", args=[hold.pk]) if hold.lifted_at is None else ""
    return Row(cells, url=url, key=str(hold.pk))


@requires(RETENTION_MANAGE)
def hold_create(request: HttpRequest) -> HttpResponse:
    form = HoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.place_hold(**form.cleaned_data, by=request.user, at=timezone.now())
        return redirect("retention:hold_list")
    page = FormPage(_("提出保全"), form, _("保全"), cancel_url=reverse("retention:hold_list"), crumbs=_crumbs())
    return render(request, "ui/page_form.html", {"page": page})


@requires(RETENTION_MANAGE)
def hold_end(request: HttpRequest, number: int) -> HttpResponse:
    """Shows the hold; ends it when asked to."""
    hold = get_object_or_404(Hold, pk=number)
    if request.method == "POST":
        _told(request, actions.lift_hold, hold=hold)
        return redirect("retention:hold_list")
    text = _("解除后，到期的文件可以提出处置。")
    url = reverse("retention:hold_end", args=[hold.pk])
    facts = [
        Fact(_("记录类别"), hold.table, kind="code"), Fact(_("记录编号"), hold.key or _("全部")),
        Fact(_("保全理由"), hold.reason), Fact(_("保全人"), actor(hold.placed_by)),
        Fact(_("保全时间"), hold.placed_at, kind="moment"),
    ]  # fmt: skip
    page = RecordPage(
        _("保全"),
        crumbs=_crumbs(),
        actions=[Action(_("解除保全"), url, kind="danger", method="post", consequence=text)]
        if not hold.lifted_at
        else [],
        sections=[Section(_("保全"), facts)],
        timeline=_timeline(f"retention.hold:{hold.pk}"),
    )
    return render(request, "ui/page_record.html", {"record": page})


@requires(RETENTION_MANAGE)
def disposal_list(request: HttpRequest) -> HttpResponse:
    rows = [_disposal_row(each) for each in Disposal.objects.prefetch_related("files").order_by("-pk")]
    empty = Empty(_("还没有处置过"), _("到期文件由一人提出处置，另一人批准。"))
    return _listed(request, "disposal_list", Table(DISPOSALS, rows, empty=empty), _("每次处置都有理由、两人和存证。"))


def _disposal_row(each: Disposal) -> Row:
    cells = {
        "reason": each.reason,
        "files": len(each.files.all()),
        "by": actor(each.proposed_by),
        "at": each.proposed_at,
        "decided": actor(each.decided_by),
        "state": Cell(each.get_state_display(), state=STATES[DisposalState(each.state)]),
    }
    return Row(cells, url=reverse("retention:disposal_detail", args=[each.pk]), key=str(each.pk))


@requires(RETENTION_MANAGE)
def disposal_create(request: HttpRequest) -> HttpResponse:
    due = due_files(timezone.localdate())
    form = DisposalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        files = [each.file.pk for each in due]
        try:
            found = actions.propose_disposal(
                files=files, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()
            )
        except actions.RetentionRefused as refusal:
            form.add_error("reason", str(refusal))
        else:
            return redirect("retention:disposal_detail", found.pk)
    page = FormPage(
        _("提出处置"),
        form,
        _("提出"),
        intro=_("列入全部 %(count)s 个到期文件，由另一人批准后删除内容。") % {"count": len(due)},
        cancel_url=reverse("retention:file_list"),
        crumbs=_crumbs(),
    )
    return render(request, "ui/page_form.html", {"page": page})


@requires(RETENTION_MANAGE)
def disposal_detail(request: HttpRequest, number: int) -> HttpResponse:
    found = get_object_or_404(Disposal, pk=number)
    page = RecordPage(
        _("处置 %(number)s") % {"number": found.pk},
        state=STATES[DisposalState(found.state)],
        state_label=found.get_state_display(),
        crumbs=_crumbs(),
        actions=_disposal_actions(request.user, found),
        sections=[
            Section(_("处置"), [Fact(_("处置理由"), found.reason), Fact(_("提出人"), actor(found.proposed_by)),
                                Fact(_("批准人"), actor(found.decided_by))]),
            Section(_("文件"), [_file_fact(line, found) for line in found.files.select_related("file")]),
        ],
        timeline=_timeline(f"retention.disposal:{found.pk}"),
    )  # fmt: skip
    return render(request, "ui/page_record.html", {"record": page})


def _file_fact(line: Any, found: Disposal) -> Fact:
    words = {True: _("内容已删除"), False: _("保留：其间有记录或保全")}
    note = (
        words[line.is_removed] if found.state == DisposalState.DONE else _("保管至 %(day)s") % {"day": line.kept_until}
    )
    return Fact(line.file.name, line.file.sha256, kind="code", note=note)


def _disposal_actions(user: Any, found: Disposal) -> list[Action]:
    if found.state != DisposalState.PROPOSED or found.proposed_by == user.get_username():
        return []
    text = _("文件内容将从磁盘删除，不能恢复；名称、哈希和存证保留。")
    approve = reverse("retention:disposal_approve", args=[found.pk])
    reject = reverse("retention:disposal_reject", args=[found.pk])
    return [
        Action(_("批准处置"), approve, icon="trash", kind="danger", method="post", consequence=text),
        Action(_("不批准"), reject, method="post"),
    ]


@requires(RETENTION_MANAGE)
@require_POST
def disposal_approve(request: HttpRequest, number: int) -> HttpResponse:
    _told(request, actions.approve_disposal, disposal=get_object_or_404(Disposal, pk=number))
    return redirect("retention:disposal_detail", number)


@requires(RETENTION_MANAGE)
@require_POST
def disposal_reject(request: HttpRequest, number: int) -> HttpResponse:
    _told(request, actions.reject_disposal, disposal=get_object_or_404(Disposal, pk=number))
    return redirect("retention:disposal_detail", number)


def _told(request: HttpRequest, verb: Callable[..., Any], **subject: Any) -> None:
    """Do it; a refusal is told on the next page."""
    try:
        verb(**subject, by=request.user, at=timezone.now())
    except actions.RetentionRefused as refusal:
        messages.error(request, str(refusal))


def _crumbs() -> list[Crumb]:
    return [Crumb(_("归档与留存"), reverse("retention:file_list"))]


def _timeline(subject: str) -> list[TimelineEntry]:
    words = {
        "retention.held": _("保全"), "retention.lifted": _("解除保全"), "retention.proposed": _("提出处置"),
        "retention.disposed": _("批准并处置"), "retention.rejected": _("不批准"),
    }  # fmt: skip
    return [
        TimelineEntry(words[entry.action], entry.at, by=actor(entry.actor), seal=entry.seal)
        for entry in entries_of(subject)
    ]
