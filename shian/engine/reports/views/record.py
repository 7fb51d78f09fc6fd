"""The record page of a document, put together from its rows."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shian.engine.reports.binding import figure_url
from shian.engine.reports.forms import AcceptForm
from shian.engine.reports.models import Document, DocumentFigure, DocumentState, DocumentVersion, FigureStatus
from shian.engine.reports.permissions import DOCUMENT_WRITE
from shian.engine.reports.preview import Block, Link, blocks_of
from shian.engine.reports.queries import document_bytes, figures_of, versions_of
from shian.engine.reports.tables import (
    FIGURES,
    STATE_COLOURS,
    VERSIONS,
    figure_rows,
    kind_title,
    version_rows,
)
from shian.kernel.ui.actors import actor
from shian.kernel.ui.formats import moment_text
from shian.kernel.ui.pages import RecordPage
from shian.kernel.ui.pieces import Action, Callout, Crumb, Fact, Section, Step, Tab
from shian.kernel.ui.tables import Table

TEXT, FIGURE_LIST, VERSION_LIST = "", "figures", "versions"  # what ?view= may say
VERBS_OF: dict[DocumentState, tuple[str, ...]] = {
    DocumentState.DRAFT: ("rewrite", "check"),
    DocumentState.CHECKED: ("rewrite", "check", "sign"),
    DocumentState.SIGNED: ("rewrite", "check", "publish"),
    DocumentState.PUBLISHED: (),
}
STATUS_COLOURS = {FigureStatus.PRESENT: "", FigureStatus.MISSING: "waiting", FigureStatus.CHANGED: "overdue"}


def document_page(
    document: Document, user: Any, *, view: str = TEXT, accept: AcceptForm | None = None
) -> dict[str, Any]:
    """Everything that reports/document_detail.html shows under one tab: text, figures, or former texts for writers."""
    figures = list(figures_of(document))
    may_write = DOCUMENT_WRITE(user).allowed
    versions = list(versions_of(document)) if may_write else []
    view = view if view == FIGURE_LIST or (view == VERSION_LIST and versions) else TEXT
    changes = [figure for figure in figures if figure.is_open]
    if accept is None and changes and may_write:
        choices = accept_choices(changes)
        accept = AcceptForm(choices=choices, initial={"order": [order for order, _label in choices]})
    return {
        "record": _record(document, figures, versions, may_write=may_write, view=view),
        "document": document,
        "steps": _steps(document),
        "notes": _notes(figures),
        "table": _table(document, figures, versions, view),
        "accept": accept,
        "accept_url": reverse("reports:document_accept", args=[document.pk]),
        "blocks": _blocks(document, figures) if view == TEXT else [],
    }


def accept_choices(changes: Iterable[DocumentFigure]) -> list[tuple[str, str]]:
    """Order and words of each open change, for the form."""
    return [(str(figure.order), f"{figure.title}：{figure.shown} → {figure.now_shown}") for figure in changes]


def _blocks(document: Document, figures: Sequence[DocumentFigure]) -> list[Block]:
    return blocks_of(document_bytes(document), _links(figures), document.reading_order)


def _table(
    document: Document, figures: Sequence[DocumentFigure], versions: Sequence[DocumentVersion], view: str
) -> Table | None:
    """The table of the open tab; the text has none."""
    if view == FIGURE_LIST:
        return Table(FIGURES, figure_rows(figures, is_checked=document.checked_at is not None))
    if view == VERSION_LIST:
        return Table(VERSIONS, version_rows(versions))
    return None


def _links(figures: Sequence[DocumentFigure]) -> dict[int, Link]:
    return {
        figure.order: Link(figure.shown, figure_url(figure), STATUS_COLOURS[FigureStatus(figure.status)])
        for figure in figures
    }


def _record(
    document: Document,
    figures: Sequence[DocumentFigure],
    versions: Sequence[DocumentVersion],
    *,
    may_write: bool,
    view: str,
) -> RecordPage:
    page = reverse("reports:document_detail", args=[document.pk])
    tabs = [
        Tab(_("正文"), page, is_active=view == TEXT),
        Tab(_("文中数据"), f"{page}?view={FIGURE_LIST}", count=len(figures), is_active=view == FIGURE_LIST),
    ]
    if versions:
        url = f"{page}?view={VERSION_LIST}"
        tabs.append(Tab(_("历次文稿"), url, count=len(versions), is_active=view == VERSION_LIST))
    facts = [
        Fact(_("地区"), document.area_name, note=document.area_code),
        Fact(_("数据时点"), document.as_of, kind="date"),
        Fact(pgettext("step", "起草"), document.created_at, kind="moment", note=actor(document.created_by)),
        Fact(pgettext("step", "核对"), document.checked_at, kind="moment", note=actor(document.checked_by)),
        Fact(pgettext("step", "签发"), document.signed_at, kind="moment", note=actor(document.signed_by)),
        Fact(pgettext("step", "公布"), document.published_at, kind="moment", note=actor(document.published_by)),
        Fact(_("稿次"), _("第 %(number)s 稿") % {"number": document.version}, note=_written(document)),
        Fact(_("文中数据"), len(figures), kind="number", unit=_("个")),
        Fact(_("文稿校验值"), document.file.sha256[:16], kind="code", note="SHA-256"),
    ]
    return RecordPage(
        title=document.title,
        kind=kind_title(document.kind),
        state=STATE_COLOURS[DocumentState(document.state)],
        state_label=document.get_state_display(),
        crumbs=[Crumb(_("报告"), reverse("reports:document_list")), Crumb(document.area_name)],
        actions=[*_downloads(document), *(_verbs(document, figures) if may_write else [])],
        sections=[] if view != TEXT else [Section(_("概况"), facts)],
        tabs=tabs,
    )


def _written(document: Document) -> str:
    """When a later version was written; the first is as old as the document."""
    return moment_text(document.written_at) if document.version > 1 else ""


def _downloads(document: Document) -> list[Action]:
    url = reverse("reports:document_download", args=[document.pk])
    return [
        Action(_("下载文稿"), url=f"{url}?format=docx", icon="download"),
        Action(_("下载数据表"), url=f"{url}?format=xlsx", icon="table"),
    ]


def _verbs(document: Document, figures: Sequence[DocumentFigure]) -> list[Action]:
    """The next step comes last and stands out; each names its consequence."""
    state = DocumentState(document.state)
    check = _("将按登记册现在的内容重新计算全部 %(count)s 个数据，标出有变化的。") % {"count": len(figures)}
    if state == DocumentState.SIGNED:
        check += _("已有的签发随之失效。")
    rewrite = _("将按登记册现在的数据写成下一稿，核对、采用和签发从头开始；现在这一稿保留在“历次文稿”。")
    sign = _("以您的名义确认文稿和文中数据；签发后仍可核对或重写，但签发随之失效。")
    publish = _("公布后本地区有权限的人员都能看到，文稿不能再改，文中数据永久冻结。")
    verbs = {
        "rewrite": Action(_("重写"), icon="refresh", consequence=rewrite),
        "check": Action(_("核对数据"), icon="list-check", consequence=check),
        "sign": Action(_("签发"), icon="certificate", consequence=sign),
        "publish": Action(_("公布"), icon="speakerphone", consequence=publish),
    }
    open_verbs = VERBS_OF[state]
    return [
        replace(
            verbs[verb],
            url=reverse(f"reports:document_{verb}", args=[document.pk]),
            kind="primary" if verb == open_verbs[-1] else "secondary",
            method="post",
        )
        for verb in open_verbs
    ]


def _steps(document: Document) -> list[Step]:
    order = list(DocumentState)
    reached = order.index(DocumentState(document.state))
    dates = (document.created_at, document.checked_at, document.signed_at, document.published_at)
    names = (document.created_by, document.checked_by, document.signed_by, document.published_by)
    labels = (
        pgettext("step", "起草"),
        pgettext("step", "核对"),
        pgettext("step", "签发"),
        pgettext("step", "公布"),
    )
    steps = []
    for position, (label, at, by) in enumerate(zip(labels, dates, names, strict=True)):
        state = "done" if position <= reached else "due" if position == reached + 1 else "waiting"
        steps.append(Step(label, state, actor(by) if at and position <= reached else ""))
    return steps


def _notes(figures: Sequence[DocumentFigure]) -> list[Callout]:
    missing = [figure for figure in figures if figure.value is None]
    notes = []
    if missing:
        titles = "、".join(figure.title for figure in missing[:12])
        more = _("等") if len(missing) > 12 else ""
        notes.append(
            Callout(
                _("%(count)s 个指标没有数据，文中写作〔待补充〕") % {"count": len(missing)},
                f"{titles}{more}",
                state="waiting",
            )
        )
    return notes
