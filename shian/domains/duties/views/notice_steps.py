"""What is done to a notice: drafted, changed, approved, given back, published, followed up."""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _n
from django.views.decorators.http import require_POST

from shian.domains.duties.actions.notices import (
    NoticePlan,
    approve_notice,
    draft_notice,
    edit_notice,
    follow_notice,
    publish_notice,
    return_notice,
)
from shian.domains.duties.forms.notices import FollowForm, NoticeForm
from shian.domains.duties.forms.roster import ReasonForm
from shian.domains.duties.models import DutyNotice, NoticeKind, NoticeState
from shian.domains.duties.permissions import NOTICE_KEEP
from shian.domains.duties.queries.notices import (
    Figures,
    Quarterly,
    lines_of,
    notice_for,
    notice_numbers,
    proposed,
    quarterly,
)
from shian.domains.duties.rules.notices import Told
from shian.domains.duties.rules.visits import Quarter
from shian.domains.duties.tables.notices import notice_url
from shian.domains.duties.views.notices import listed, may_keep, read_quarterly, to_notice
from shian.domains.duties.views.shown import names, step_button, step_page, today
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.languages import language_of_record
from shian.kernel.ui.pages import FieldGroup, FormPage

GROUPS = ((_n("通报"), ["kind", "units"]), (_n("内容"), ["title", "reason", "demands", "follow_due_on"]))


@requires(NOTICE_KEEP)
def notice_create(request: HttpRequest) -> HttpResponseBase:
    """?area= &quarter= &kind= a draft; the areas that the figures propose are ticked."""
    area, quarter = read_quarterly(request)
    if quarter is None:
        raise Http404("no closed quarter")
    found, kind = quarterly(area, quarter), request.GET.get("kind", "")
    kind = kind if kind in NoticeKind.values else NoticeKind.INFORM
    form = NoticeForm(request.POST or None, units=_units(found), initial=_initial(found, kind))
    made: list[DutyNotice] = []

    def step() -> str:
        made.append(draft_notice(plan=_plan(form, area, quarter), by=request.user, at=timezone.now()))
        return _("已起草：%(number)s，请另一人审定。") % {"number": made[0].number}

    back = f"{reverse('duties:notice_draft')}?area={area}&quarter={quarter.key}"
    page = FormPage(_("起草通报"), form, _("提交审定"), cancel_url=back, crumbs=[listed()], groups=_groups(),
                    intro=_("%(quarter)s · 数字在提交时取定，审定后不再改变。") % {"quarter": quarter.key})  # fmt: skip
    answer = step_page(request, page, step, reverse("duties:notice_list"))
    return redirect(notice_url(made[0])) if made else answer


def _groups() -> list[FieldGroup]:
    return [FieldGroup(_(title), fields) for title, fields in GROUPS]


def _units(found: Quarterly) -> list[tuple[str, str]]:
    """Areas with what speaks for or against them."""
    named, told = names(), proposed(found, today())
    choices = []
    for area, figures in sorted(found.figures.items()):
        kind = told[area][0]
        words = [*_words(figures), *([_("建议%(kind)s") % {"kind": NoticeKind(kind).label}] if kind else [])]
        choices.append((area, f"{named.get(area, area)}（{'，'.join(words)}）"))
    return choices


def _words(figures: Figures) -> list[str]:
    """What the figures of an area say in short."""
    done, untrue, score = (figures.get(key, Told()).value for key in ("completion", "untrue", "score"))
    words = [_("完成率 %(rate)s%%") % {"rate": f"{done.normalize():f}"}] if done is not None else []
    words += [_("不属实 %(count)s 次") % {"count": f"{untrue:.0f}"}] if untrue else []
    return words + ([_("督查得分 %(score)s") % {"score": f"{score:.2f}"}] if score is not None else [])


@language_of_record()
def _initial(found: Quarterly, kind: str) -> dict[str, Any]:
    """Who is proposed, and what the figures say of them as the reason to begin with, as the paper will say it."""
    told, named = proposed(found, today()), names()
    units = sorted(area for area, (proposal, _why) in told.items() if kind in {proposal, NoticeKind.INFORM})
    words = {"year": found.quarter.year, "number": "一二三四"[found.quarter.number - 1], "kind": NoticeKind(kind).label}
    title = _("%(year)s年第%(number)s季度食品安全包保履职%(kind)s") % words
    said = [f"{named.get(area, area)}{'，'.join(_words(found.figures[area]))}" for area in units]
    initial: dict[str, Any] = {"kind": kind, "units": units, "title": title, "reason": "；".join(said)[:1000]}
    if kind == NoticeKind.CRITICISM:
        initial["follow_due_on"] = today() + timedelta(days=notice_numbers(today()).follow_days)
    return initial


def _plan(form: NoticeForm, area: str, quarter: Quarter) -> NoticePlan:
    told = form.cleaned_data
    return NoticePlan(NoticeKind(told["kind"]), area, quarter, told["units"], told["title"], told["reason"],
                      told["demands"], told["follow_due_on"])  # fmt: skip


def _kept(request: HttpRequest, pk: int, *states: NoticeState) -> DutyNotice:
    """The notice in one of the states, for who keeps it. Raises Http404, OutOfReach."""
    notice = notice_for(request.user, pk)
    if notice.state not in states or not may_keep(request.user, notice):
        raise Http404(str(pk))
    return notice


@requires(NOTICE_KEEP)
def notice_edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A draft written anew, with the figures of now."""
    notice = _kept(request, pk, NoticeState.DRAFTED)
    quarter = Quarter.read(notice.quarter)
    found = quarterly(notice.area, quarter)
    told = {name: getattr(notice, name) for name in ("kind", "title", "reason", "demands", "follow_due_on")}
    form = NoticeForm(request.POST or None, units=_units(found), initial={**told, "units": list(lines_of(notice))})

    def step() -> str:
        edit_notice(notice=notice, plan=_plan(form, notice.area, quarter), by=request.user, at=timezone.now())
        return _("已修改，请另一人审定。")

    page = FormPage(_("修改通报"), form, _("提交审定"), cancel_url=notice_url(notice), crumbs=to_notice(notice),
                    intro=notice.returned_because, groups=_groups())  # fmt: skip
    return step_page(request, page, step, notice_url(notice))


@requires(NOTICE_KEEP)
@require_POST
def notice_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Another person agrees."""
    notice = notice_for(request.user, pk)

    def step() -> None:
        approve_notice(notice=notice, by=request.user, at=timezone.now())

    return step_button(request, step, _("已审定。"), notice_url(notice))


@requires(NOTICE_KEEP)
@require_POST
def notice_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """It goes out."""
    notice = notice_for(request.user, pk)

    def step() -> None:
        publish_notice(notice=notice, by=request.user, at=timezone.now())

    return step_button(request, step, _("已印发。"), notice_url(notice))


@requires(NOTICE_KEEP)
def notice_return(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Back to the drafter, with the reason."""
    notice = _kept(request, pk, NoticeState.DRAFTED)
    form = ReasonForm(request.POST or None)

    def step() -> str:
        return_notice(notice=notice, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        return _("已退回起草人。")

    page = FormPage(_("退回通报"), form, _("退回"), intro=notice.title, cancel_url=notice_url(notice),
                    crumbs=to_notice(notice))  # fmt: skip
    return step_page(request, page, step, notice_url(notice))


@requires(NOTICE_KEEP)
def notice_resolve(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What came of it."""
    notice = _kept(request, pk, NoticeState.PUBLISHED)
    form = FollowForm(request.POST or None)

    def step() -> str:
        follow_notice(notice=notice, told=form.cleaned_data["follow_up"], by=request.user, at=timezone.now())
        return _("已登记后续。")

    page = FormPage(_("登记后续"), form, _("登记"), intro=notice.title, cancel_url=notice_url(notice),
                    crumbs=to_notice(notice))  # fmt: skip
    return step_page(request, page, step, notice_url(notice))
