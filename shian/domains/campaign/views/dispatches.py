"""What units send in: the list, one item, sending, editing, adopting or not, reprints (A-21)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shian.domains.campaign.actions.briefings import (
    Again,
    BriefingRefused,
    adopt_dispatch,
    decline_dispatch,
    edit_dispatch,
    note_reprint,
    send_dispatch,
)
from shian.domains.campaign.forms.briefings import DeclineForm, DispatchForm, EditForm, ReprintForm
from shian.domains.campaign.models import Dispatch, DispatchState
from shian.domains.campaign.permissions import BRIEFING_EDIT, BRIEFING_READ, DISPATCH_SEND
from shian.domains.campaign.queries.briefings import dispatches_for, own_units, reprints_of
from shian.domains.campaign.tables.briefings import (
    DISPATCHES,
    REPRINTS,
    briefing_url,
    briefing_words,
    dispatch_row,
    dispatch_state,
    dispatch_url,
    reprint_row,
)
from shian.domains.campaign.views.sights import crumbs
from shian.kernel.accounts.permissions import requires
from shian.kernel.notary.deeds import deed_text
from shian.kernel.notary.queries import entries_of
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of
from shian.kernel.ui.acting import acted, acted_or_told
from shian.kernel.ui.actors import actor
from shian.kernel.ui.keyset import keyset_page
from shian.kernel.ui.pages import FormPage, ListPage, RecordPage
from shian.kernel.ui.pieces import Action, Crumb, Fact, Filter, FilterBar, Section, Tab, TimelineEntry, picked_year
from shian.kernel.ui.tables import Empty, ListQuery, Table

STEPS = frozenset(
    {
        "campaign.dispatch_sent",
        "campaign.dispatch_edited",
        "campaign.dispatch_adopted",
        "campaign.dispatch_declined",
        "campaign.reprint_noted",
    }
)
PRINTED = "printed"


@dataclass(frozen=True)
class Asked:
    """The page of a step: its title, its button, where it leads back to, what follows from it."""

    title: str
    verb: str
    back: str
    told: str = ""


@requires(BRIEFING_READ)
def dispatch_list(request: HttpRequest) -> HttpResponse:
    """The items that the reader sees; ?unit=, ?year= and ?show=printed are what an adoption count opens."""
    rows, asked = dispatches_for(request.user), request.GET.get("state", "")
    unit, shown = request.GET.get("unit", ""), request.GET.get("show", "")
    year = picked_year(request.GET.get("year", ""))
    rows = rows.filter(unit__code=unit) if unit else rows
    if shown == PRINTED:
        rows = rows.filter(briefing__isnull=False, **({"briefing__year": year} if year else {}))
    elif year:
        rows = rows.filter(submitted_at__year=year)
    rows = rows.filter(state=asked) if asked in DispatchState.values else rows
    query = ListQuery.read(request.GET, DISPATCHES, default_sort="-id")
    page = keyset_page(rows, query)
    empty = Empty(_("没有信息"), _("各单位报送的工作信息列在这里。"))
    listed = ListPage(
        _("信息报送"),
        Table(DISPATCHES, [dispatch_row(each) for each in page.items], query=query, page=page, empty=empty),
        unit=_("条"),
        summary=_("报送、编辑、采用或不采用，采用的编入简报；每条注明报送单位。"),
        crumbs=crumbs(Crumb(_("工作简报"), reverse("campaign:briefing_list"))),
        tabs=_tabs(request, asked),
        filters=FilterBar([Filter(name, "", "hidden", value=request.GET.get(name, ""))
                           for name in ("unit", "year", "show", "state")]),
        actions=_list_actions(request.user),
    )  # fmt: skip
    return render(request, "ui/page_list.html", {"list": listed})


def _tabs(request: HttpRequest, asked: str) -> list[Tab]:
    kept = request.GET.copy()
    for name in ("state", "after", "before"):
        kept.pop(name, None)
    found = [Tab(_("全部"), f"?{kept.urlencode()}", is_active=asked not in DispatchState.values)]
    for state in DispatchState:
        kept["state"] = state.value
        found.append(Tab(state.label, f"?{kept.urlencode()}", is_active=asked == state))
    return found


def _list_actions(user: Any) -> list[Action]:
    if not DISPATCH_SEND(user).allowed:
        return []
    return [Action(_("报送信息"), reverse("campaign:dispatch_create"), icon="plus", kind="primary")]


def dispatch_or_404(user: Any, pk: int) -> Dispatch:
    """The item. Raises Http404, OutOfReach."""
    found = dispatches_for(user).filter(pk=pk).first()
    if found is None and Dispatch.objects.filter(pk=pk).exists():
        raise OutOfReach(f"campaign.dispatch:{pk}")
    if found is None:
        raise Http404(pk)
    return found


@requires(DISPATCH_SEND)
def dispatch_create(request: HttpRequest) -> HttpResponseBase:
    """A unit sends an item in."""
    units = own_units(request.user)
    form = DispatchForm(request.POST or None, units=[(each.code, each.name) for each in units])
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        unit = next(each for each in units if each.code == told["unit"])
        made = send_dispatch(unit=unit, title=told["title"], text=told["text"], by=request.user, at=timezone.now())
        messages.success(request, _("已报送，等待编辑。"))
        return redirect(dispatch_url(made))
    return _form(request, _("报送信息"), form, _("报送"), reverse("campaign:dispatch_list"))


def _form(request: HttpRequest, title: str, form: Form, verb: str, back: str, told: str = "") -> HttpResponse:
    page = FormPage(
        title, form, verb, consequence=told, cancel_url=back, draft="dispatch",
        crumbs=crumbs(Crumb(_("信息报送"), reverse("campaign:dispatch_list"))),
    )  # fmt: skip
    return render(request, "ui/page_form.html", {"page": page}, status=422 if form.errors else 200)


@requires(BRIEFING_READ)
def dispatch_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What the unit wrote, what is printed, in which issue, and who printed it again."""
    found = dispatch_or_404(request.user, pk)
    word, tone = dispatch_state(found)
    issue = found.briefing
    facts = [
        Fact(_("报送单位"), found.unit.name),
        Fact(_("报送时间"), found.submitted_at, kind="moment", note=str(actor(found.submitted_by))),
        Fact(_("刊登"), briefing_words(issue) if issue else None, url=briefing_url(issue) if issue else ""),
        Fact(_("未采用原因"), found.reason),
    ]
    record = RecordPage(
        found.shown_title, kind=_("信息"), state=tone, state_label=word,
        crumbs=crumbs(Crumb(_("信息报送"), reverse("campaign:dispatch_list"))), actions=_actions(request.user, found),
        sections=[Section(_("概况"), [each for each in facts if each.value])], timeline=_timeline(found),
    )  # fmt: skip
    texts = [(_("刊登稿"), found.edited_text)] if found.edited_text else []
    context = {
        "record": record, "texts": [*texts, (_("报送稿"), found.text)],
        "reprints": Table(REPRINTS, [reprint_row(each) for each in reprints_of(found)], id="reprints",
                          empty=Empty(_("没有转载记录"), _("印发后被媒体转载的，在这里登记。"))),
    }  # fmt: skip
    return render(request, "campaign/dispatch_detail.html", context)


def _timeline(found: Dispatch) -> list[TimelineEntry]:
    return [
        TimelineEntry(deed_text(entry.action), entry.at, by=actor(entry.actor), seal=entry.seal,
                      body=entry.data.get("reason") or entry.data.get("medium", ""))
        for entry in entries_of(f"campaign.dispatch:{found.pk}") if entry.action in STEPS
    ]  # fmt: skip


def _actions(user: Any, found: Dispatch) -> list[Action]:
    if not BRIEFING_EDIT(user).allowed or not reach_of(user).covers(found.area):
        return []
    if found.briefing_id:
        return [Action(_("登记转载"), reverse("campaign:reprint_create", args=[found.pk]), icon="plus", kind="primary")]
    edit = Action(_("编辑"), reverse("campaign:dispatch_edit", args=[found.pk]), icon="edit")
    decline = Action(_("不采用"), reverse("campaign:dispatch_reject", args=[found.pk]), icon="ban", kind="quiet")
    adopt = Action(_("采用"), reverse("campaign:dispatch_adopt", args=[found.pk]), icon="check", kind="primary",
                   method="post")  # fmt: skip
    return {
        DispatchState.SUBMITTED: [edit, decline], DispatchState.EDITED: [adopt, edit, decline],
        DispatchState.ADOPTED: [edit, decline], DispatchState.DECLINED: [edit],
    }[DispatchState(found.state)]  # fmt: skip


def _asked(request: HttpRequest, form: Form, act: Callable[[], object], done: str, page: Asked) -> HttpResponseBase:
    """Ask, act, go back to the item and say so; a refusal stands in the form."""
    if request.method == "POST" and form.is_valid() and acted(form, act, BriefingRefused):
        messages.success(request, done)
        return redirect(page.back)
    return _form(request, page.title, form, page.verb, page.back, page.told)


@requires(BRIEFING_EDIT)
def dispatch_edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What will be printed, beside what the unit wrote."""
    found = dispatch_or_404(request.user, pk)
    usual = {"title": found.shown_title, "text": found.edited_text or found.text}
    form = EditForm(request.POST or None, initial=usual)

    def act() -> None:
        told = form.cleaned_data
        edit_dispatch(dispatch=found, title=told["title"], text=told["text"], by=request.user, at=timezone.now())

    page = Asked(_("编辑信息"), _("保存"), dispatch_url(found))
    return _asked(request, form, act, _("刊登稿已保存；报送稿原样保留。"), page)


@requires(BRIEFING_EDIT)
@require_POST
def dispatch_adopt(request: HttpRequest, pk: int) -> HttpResponse:
    """It will be printed."""
    found = dispatch_or_404(request.user, pk)

    def act() -> None:
        adopt_dispatch(dispatch=found, by=request.user, at=timezone.now())

    acted_or_told(request, act, BriefingRefused, _("已采用，等待编入简报。"))
    return redirect(dispatch_url(found))


@requires(BRIEFING_EDIT)
def dispatch_reject(request: HttpRequest, pk: int) -> HttpResponseBase:
    """It will not be printed, and why."""
    found = dispatch_or_404(request.user, pk)
    form = DeclineForm(request.POST or None)

    def act() -> None:
        decline_dispatch(dispatch=found, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())

    page = Asked(_("不采用"), _("不采用"), dispatch_url(found), _("原因对报送单位可见。"))
    return _asked(request, form, act, _("已记为不采用。"), page)


@requires(BRIEFING_EDIT)
def reprint_create(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A medium printed an issued item."""
    found = dispatch_or_404(request.user, pk)
    form = ReprintForm(request.POST or None, initial={"on": timezone.localdate()})

    def act() -> None:
        note_reprint(dispatch=found, again=Again(**form.cleaned_data), by=request.user, at=timezone.now())

    return _asked(request, form, act, _("转载已登记。"), Asked(_("登记转载"), _("登记"), dispatch_url(found)))
