"""Receptions, and their weekly notices: what would be said today, what was said, the paper itself (A-27)."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shian.domains.campaign.actions.receptions import NoticeRefused, issue_weekly_notice
from shian.domains.campaign.definitions.notices import notice_paper
from shian.domains.campaign.forms.receptions import WeeklyNoticeForm
from shian.domains.campaign.models import WeeklyNotice
from shian.domains.campaign.permissions import CASE_VIEW, RECEPTION_PLAN
from shian.domains.campaign.queries.receptions import (
    RECEPTION,
    SHOWN,
    last_notices,
    lines_of,
    notice_for,
    notices_of,
    outs_of,
    reception_for,
    receptions_for,
    tally_of,
)
from shian.domains.campaign.tables.receptions import (
    LINES,
    NOTICES,
    RECEPTIONS,
    frozen_line,
    line_row,
    live_line,
    notice_row,
    notice_title,
    notice_url,
    reception_row,
)
from shian.domains.campaign.views.sights import crumbs
from shian.domains.campaign.views.supervision import finding_action
from shian.engine.cases.models import Case
from shian.engine.cases.queries import CloseOut, children_of, visible_cases
from shian.engine.cases.tables import CASES, case_row, case_url
from shian.engine.reports.paper import paper, paper_actions
from shian.kernel.accounts.permissions import requires
from shian.kernel.disclosures.door import Door
from shian.kernel.notary.queries import entries_of
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.walls import system_scope
from shian.kernel.ui.pages import FormPage, ListPage
from shian.kernel.ui.pieces import Action, Callout, Crumb, Stat
from shian.kernel.ui.states import OVERDUE
from shian.kernel.ui.tables import Empty, Table
from shian.registers.areas.queries import area_names


@requires(CASE_VIEW)
def reception_list(request: HttpRequest) -> HttpResponse:
    """Every reception with how far its problems are struck off, and its last notice."""
    today, rows = timezone.localdate(), list(receptions_for(request.user))
    outs, last = outs_of(rows, today), last_notices(rows)
    drawn = [reception_row(each, outs.get(each.pk, CloseOut()), last.get(each.pk), today) for each in rows]
    empty = Empty(_("还没有迎检安排"), _("收到省级初评或国家验收通知后，由创建办登记。"))
    page = ListPage(
        _("迎检"),
        Table(RECEPTIONS, drawn, empty=empty),
        unit=pgettext("list", "次"),
        summary=_("省级初评、国家验收的安排、反馈问题和每周整改通报。"),
        crumbs=crumbs(),
        actions=_list_actions(request.user),
    )  # fmt: skip
    return render(request, "ui/page_list.html", {"list": page})


def _list_actions(user: Any) -> list[Action]:
    if not RECEPTION_PLAN(user).allowed:
        return []
    return [Action(_("登记迎检"), reverse("cases:case_create", args=[RECEPTION]), icon="plus", kind="primary")]


def _may_issue(user: Any, case: Case) -> bool:
    return case.is_open and RECEPTION_PLAN(user).allowed and reach_of(user).covers(case.area)


def reception_panel(request: HttpRequest, case: Case) -> SafeString:
    """The tab of a reception's page: notices, and what the evaluators found."""
    today, names = timezone.localdate(), area_names(timezone.localdate())
    rows = [case_row(each, today, names) for each in children_of(case, request.user)]
    notices = [notice_row(each) for each in notices_of(case)]
    actions = finding_action(request, case)
    if _may_issue(request.user, case):
        url = reverse("campaign:weekly_notice_preview", args=[case.pk])
        actions.append(Action(_("本期通报"), url, icon="report"))
    tables = [
        (_("整改周通报"), Table(NOTICES, notices, empty=Empty(_("还没有印发周通报")), id="notices")),
        (_("反馈的问题"), Table(CASES, rows, empty=Empty(_("没有反馈问题")), id="findings")),
    ]
    return render_to_string("campaign/case_panel.html", {"actions": actions, "tables": tables}, request=request)


def _stats(counts: Mapping[str, int], url: str) -> list[Stat]:
    """The numbers of a notice in the order in which they tie; each opens its lines."""

    def stat(label: str, key: str, **more: Any) -> Stat:
        return Stat(label, counts[key], unit=_("个"), url=f"{url}?show={key}", **more)

    return [
        Stat(_("上期未销号"), counts["open_before"], unit=_("个")),
        stat(_("新增"), "new"),
        *([stat(_("重开"), "reopened")] if counts["reopened"] else []),
        stat(_("销号"), "closed"),
        *([stat(pgettext("problem", "撤销"), "withdrawn", note=_("不成立或并案"))] if counts["withdrawn"] else []),
        stat(_("本期未销号"), "open"),
        stat(_("其中逾期"), "overdue", state=OVERDUE if counts["overdue"] else ""),
        stat(_("反馈问题"), "total", part=counts["struck"], whole=counts["total"], note=_("已销号 ÷ 反馈")),
    ]


def tie_text(counts: Mapping[str, int]) -> str:
    """The sum that the numbers must give, as the notice prints it."""
    told = _(
        "上期未销号 %(open_before)s ＋ 新增 %(new)s ＋ 重开 %(reopened)s － 销号 %(closed)s － 撤销 %(withdrawn_open)s"
        " ＝ 本期未销号 %(open)s"
    )
    return told % counts


def _record_of(case: Case, user: Any) -> list[Crumb]:
    """Where the reader comes from; who has only a problem in it does not open the reception itself."""
    url = case_url(case) if visible_cases(user).filter(pk=case.pk).exists() else ""
    return crumbs(Crumb(_("迎检"), reverse("campaign:reception_list")), Crumb(case.title, url))


@requires(RECEPTION_PLAN)
def weekly_notice_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What a notice issued now would say; its numbers are those of the problem ledger this moment."""
    case = reception_for(request.user, pk)
    tally, shown = tally_of(case, timezone.localdate()), request.GET.get("show", "")
    wanted = SHOWN.get(shown, {}).items()
    chosen = [each for each in tally.moved if all(getattr(each, name) == value for name, value in wanted)]
    page = ListPage(
        _("本期通报（未印发）"),
        Table(LINES, [line_row(live_line(tally.cases[each.case], each)) for each in chosen],
              empty=Empty(_("没有这样的问题"), _("请看其他数字。"), "?", _("全部"))),
        unit=_("个问题"),
        summary=tie_text(tally.counts),
        crumbs=_record_of(case, request.user),
        actions=_issue_action(request.user, case, is_ready=bool(tally.moved)),
    )  # fmt: skip
    url = reverse("campaign:weekly_notice_preview", args=[pk])
    return render(request, "campaign/overview.html", {"list": page, "stats": _stats(tally.counts, url)})


def _issue_action(user: Any, case: Case, *, is_ready: bool) -> list[Action]:
    if not is_ready or not _may_issue(user, case):
        return []
    return [Action(_("印发"), reverse("campaign:weekly_notice_issue", args=[case.pk]), icon="mail", kind="primary")]


@requires(RECEPTION_PLAN)
def weekly_notice_issue(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Issue it: from then on it says what it said."""
    case = reception_for(request.user, pk)
    form = WeeklyNoticeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["demands"]
        try:
            notice = issue_weekly_notice(reception=case, demands=given, by=request.user, at=timezone.now())
        except NoticeRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("%(notice)s已印发并留存证。") % {"notice": notice_title(notice)})
            return redirect(notice_url(notice))
    page = FormPage(
        _("印发整改周通报"),
        form,
        _("印发"),
        intro=tie_text(tally_of(case, timezone.localdate()).counts),
        consequence=_("印发后数字和清单固定，不能更改；下一期从本期起算增减。"),
        cancel_url=reverse("campaign:weekly_notice_preview", args=[pk]),
        crumbs=_record_of(case, request.user),
    )
    return render(request, "ui/page_form.html", {"page": page}, status=422 if form.errors else 200)


@requires(CASE_VIEW)
def weekly_notice_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """An issued notice; every number opens the lines that it counts."""
    notice, shown = notice_for(request.user, pk), request.GET.get("show", "")
    page = ListPage(
        _("整改周通报%(number)s") % {"number": notice_title(notice)},
        Table(LINES, [line_row(frozen_line(each)) for each in notice_lines(notice, shown)],
              empty=Empty(_("本期没有这样的问题"), _("请看其他数字。"), "?", _("全部"))),
        unit=_("个问题"),
        summary=f"{notice.as_of} · {tie_text(notice.counts)}",
        crumbs=_record_of(notice.reception, request.user),
        actions=paper_actions(_("下载"), reverse("campaign:weekly_notice_download", args=[pk])),
    )  # fmt: skip
    entry = entries_of(f"campaign.weeklynotice:{pk}").first()
    sealed = [Action(_("查看存证"), entry.seal.url, icon="fingerprint")] if entry else []
    notes = [Callout(_("工作要求"), notice.demands, "neutral")] if notice.demands else []
    notes.append(Callout(_("已于 %(day)s 印发，内容固定") % {"day": notice.as_of}, state="done", actions=sealed))
    context = {"list": page, "stats": _stats(notice.counts, notice_url(notice)), "notes": notes}
    return render(request, "campaign/overview.html", context)


def notice_lines(notice: WeeklyNotice, shown: str = "") -> list[Any]:
    """The notice's lines with their cases: whoever reads the notice reads all that it says."""
    with system_scope():
        return list(lines_of(notice, shown).select_related("case__unit"))


@requires(CASE_VIEW)
def weekly_notice_download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The notice; every copy that leaves is listed."""
    notice = notice_for(request.user, pk)
    title = f"{notice.reception.title}{_('整改周通报')}{notice_title(notice)}".replace(" ", "")
    answer = paper(notice_paper(notice, notice_lines(notice)), title, request)
    subject = f"campaign.weeklynotice:{pk}"
    rows = notice.counts["total"]
    return Door.of_page(request).let_out(answer, subject=subject, title=title, rows=rows, at=timezone.now())
