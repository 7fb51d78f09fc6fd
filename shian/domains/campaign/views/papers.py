"""The library of papers: search by number, one paper with its line and receipts."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shian.domains.campaign.models import PAPER_KINDS, Paper, PaperState
from shian.domains.campaign.permissions import PAPER_ACKNOWLEDGE, PAPER_READ, PAPER_WRITE
from shian.domains.campaign.queries.papers import (
    awaited_from,
    found_papers,
    line_of,
    own_open_receipts,
    paper_for,
    papers_in_force,
    receipt_rows,
    receipts_of,
    version_in_force,
)
from shian.domains.campaign.tables.papers import (
    PAPERS,
    RECEIPTS,
    named,
    paper_row,
    paper_state,
    paper_url,
    receipt_row,
)
from shian.domains.campaign.views.sights import crumbs
from shian.kernel.accounts.permissions import requires
from shian.kernel.disclosures.door import Door
from shian.kernel.disclosures.models import Kind
from shian.kernel.notary.deeds import deed_text
from shian.kernel.notary.queries import entries_of
from shian.kernel.scope.reach import reach_of
from shian.kernel.ui.actors import actor
from shian.kernel.ui.pages import ListPage, RecordPage
from shian.kernel.ui.pieces import Action, Callout, Crumb, Fact, Filter, FilterBar, Option, Section, Stat, TimelineEntry
from shian.kernel.ui.tables import Empty, Table

STEPS = frozenset(
    {
        "campaign.paper_drafted",
        "campaign.paper_approved",
        "campaign.paper_issued",
        "campaign.paper_acknowledged",
        "campaign.paper_reminded",
    }
)
SHOWN = 200


@requires(PAPER_READ)
def paper_list(request: HttpRequest) -> HttpResponse:
    """Every paper; the search of a number tells the version in force, what it replaced and who has not signed."""
    params = request.GET
    text, kind, in_force = params.get("q", "").strip(), params.get("kind", ""), params.get("force") == "1"
    order = ("-issued_on", "doc_no", "-version")
    papers = list(found_papers(request.user, text=text, kind=kind, in_force=in_force).order_by(*order)[:SHOWN])
    receipts = receipts_of(papers)
    waiting = awaited_from(request.user).count()
    page = ListPage(
        _("文件库"),
        Table(PAPERS, [paper_row(each, receipts[each.pk]) for each in papers], empty=Empty(
            _("没有符合条件的文件"), _("请换一个文号或标题，或放宽筛选条件。"))),
        unit=pgettext("list", "件"),
        summary=_("印发的文件带文号、版本和每个单位的签收；查文号可看现行版本、替代了什么、谁还没有签收。"),
        crumbs=crumbs(),
        filters=FilterBar([
            Filter("q", _("搜索"), "search", value=text, placeholder=_("文号或文件名称")),
            Filter("kind", _("文件类别"), options=[Option(each, each) for each in PAPER_KINDS], value=kind),
            Filter("force", _("只看现行"), options=[Option("1", _("是"))], value="1" if in_force else ""),
        ]),
        actions=_list_actions(request.user),
    )  # fmt: skip
    stats = [
        Stat(_("现行文件"), papers_in_force(request.user).count(),
             unit=pgettext("list", "件"), url="?force=1"),
        Stat(_("待本单位签收"), waiting, unit=pgettext("list", "件"),
             state="due" if waiting else "", state_label=_("待签收")),
    ]  # fmt: skip
    context = {"list": page, "stats": stats, "notes": _answers(request.user, text, papers), "tables": ()}
    return render(request, "campaign/overview.html", context)


def _list_actions(user: Any) -> list[Action]:
    if not PAPER_WRITE(user).allowed:
        return []
    return [Action(_("登记文件"), reverse("campaign:paper_create"), icon="plus", kind="primary")]


def _answers(user: Any, text: str, papers: list[Paper]) -> list[Callout]:
    """What a search for one number asks: the version in force, what it replaced, who has not acknowledged it."""
    exact = [each for each in papers if text and each.doc_no == text]
    if not exact:
        return []
    found = version_in_force(exact[0])
    if found is None:
        return [Callout(_("%(paper)s 还没有印发。") % {"paper": text}, state="waiting")]
    receipts = receipts_of([found])[found.pk]
    older = _("，替代了 %(older)s") % {"older": found.supersedes.doc_no} if found.supersedes else ""
    told = {"doc_no": found.doc_no, "version": found.version, "day": found.issued_on, "older": older}
    title = _("现行版本：%(doc_no)s 第 %(version)s 版（%(day)s 印发）%(older)s") % told
    body = (
        _("未签收 %(count)s 家：%(units)s") % {"count": len(receipts.missing), "units": named(receipts.missing)}
        if receipts.missing
        else _("收文的 %(count)s 家单位都已签收。") % {"count": receipts.total}
    )
    return [Callout(title, body, "due" if receipts.missing else "done", [Action(_("查看"), paper_url(found))])]


@requires(PAPER_READ)
def paper_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One paper: facts, its line of versions, the receipts of every unit."""
    paper, user = paper_for(request.user, pk), request.user
    label, tone = paper_state(paper)
    rows = receipt_rows(paper)
    missing = sum(each.acknowledged_on is None for each in rows)
    page = RecordPage(
        paper.title,
        code=paper.doc_no,
        kind=pgettext("paper", "文件"),
        state=tone,
        state_label=label,
        badges=[paper.kind, _("第 %(version)s 版") % {"version": paper.version}],
        crumbs=crumbs(Crumb(_("文件库"), reverse("campaign:paper_list"))),
        actions=_actions(user, paper, missing),
        sections=[_facts(paper)],
        timeline=_timeline(paper),
    )
    line = line_of(paper, user)
    context = {
        "record": page,
        "notes": _notes(paper),
        "line": Table(PAPERS, [paper_row(each, told) for each, told in _told(line)], id="line"),
        "receipts": Table(RECEIPTS, [receipt_row(each) for each in rows], id="receipts",
                          empty=Empty(_("印发时选择收文单位"), "")),
        "done": len(rows) - missing,
    }  # fmt: skip
    return render(request, "campaign/paper_detail.html", context)


def _told(papers: list[Paper]) -> list[tuple[Paper, Any]]:
    receipts = receipts_of(papers)
    return [(each, receipts[each.pk]) for each in papers]


def _notes(paper: Paper) -> list[Callout]:
    newest = version_in_force(paper)
    if newest is None or newest.pk == paper.pk:
        return []
    title = _("本文件已被 %(doc_no)s 替代，请使用新文件。") % {"doc_no": newest.doc_no}
    return [Callout(title, state="due", actions=[Action(_("打开现行版本"), paper_url(newest))])]


def _facts(paper: Paper) -> Section:
    older = paper.supersedes
    file_url = reverse("campaign:paper_file", args=[paper.pk]) if paper.stored_id else ""
    return Section(
        _("文件情况"),
        [
            Fact(_("文号"), paper.doc_no, is_copied=True),
            Fact(_("印发单位"), paper.issuer.name),
            Fact(_("适用范围"), paper.applies_to),
            Fact(_("审定会议"), paper.approved_at_meeting),
            Fact(_("审定日期"), paper.approved_on, kind="date"),
            Fact(_("印发日期"), paper.issued_on, kind="date"),
            Fact(_("替代"), f"{older.doc_no} {older.title}" if older else None, url=paper_url(older) if older else ""),
            Fact(_("文件"), paper.file_name, url=file_url),
        ],
    )


def _timeline(paper: Paper) -> list[TimelineEntry]:
    return [
        TimelineEntry(
            deed_text(entry.action), entry.at, by=actor(entry.actor), body=entry.data.get("meeting", ""),
            seal=entry.seal, seal_url=reverse("notary:entry_detail", args=[entry.uid]),
        )
        for entry in entries_of(f"campaign.paper:{paper.pk}")
        if entry.action in STEPS
    ]  # fmt: skip


def _actions(user: Any, paper: Paper, missing: int) -> list[Action]:
    found = []
    if paper.stored_id:
        found.append(Action(_("下载"), reverse("campaign:paper_file", args=[paper.pk]), icon="download"))
    if PAPER_ACKNOWLEDGE(user).allowed and own_open_receipts(user, paper):
        url = reverse("campaign:paper_acknowledge", args=[paper.pk])
        found.append(Action(_("签收"), url, icon="check", kind="primary", method="post"))
    if not PAPER_WRITE(user).allowed or not reach_of(user).covers(paper.area):
        return found
    if paper.state == PaperState.DRAFT:
        url = reverse("campaign:paper_approve", args=[paper.pk])
        found.append(Action(_("记录审定"), url, icon="check", kind="primary"))
    elif paper.state == PaperState.APPROVED:
        url = reverse("campaign:paper_issue", args=[paper.pk])
        found.append(Action(_("印发"), url, icon="mail", kind="primary"))
    elif missing and not getattr(paper, "is_superseded", False):
        url = reverse("campaign:paper_remind", args=[paper.pk])
        asked = _("向未签收的 %(count)s 家单位的联络员发送提醒。") % {"count": missing}
        found.append(Action(_("催签"), url, icon="bell", method="post", consequence=asked))
    return found


@requires(PAPER_READ)
def paper_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The paper itself; every copy that leaves is listed."""
    paper = paper_for(request.user, pk)
    if paper.stored is None:
        raise Http404(pk)
    subject = f"campaign.paper:{pk}"
    return Door.of_page(request).let_out_stored(
        paper.stored, paper.file_name, subject=subject, title=paper.title, at=timezone.now(), kind=Kind.FILE
    )
