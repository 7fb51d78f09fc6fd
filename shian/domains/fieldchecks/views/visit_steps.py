"""What is done to a visit: assigned, reached, signed, joined, filed, given up, released."""

import re
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shian.domains.fieldchecks.actions.refusals import CheckRefused
from shian.domains.fieldchecks.actions.visits import (
    Errand,
    Spot,
    Team,
    arrive,
    assign_visits,
    close_visit,
    give_up,
    join_visit,
    release_visit,
    sign_visit,
)
from shian.domains.fieldchecks.forms.visits import AssignForm, GiveUpForm, JoinForm, SpotForm
from shian.domains.fieldchecks.models import FieldVisit
from shian.domains.fieldchecks.permissions import VISIT_ASSIGN, VISIT_RELEASE, VISIT_WORK
from shian.domains.fieldchecks.queries.checkers import checkers_for
from shian.domains.fieldchecks.queries.visits import PointUnknown, errands_for, visit_for
from shian.domains.fieldchecks.tables.visits import visit_url
from shian.domains.fieldchecks.views.forms import step_page
from shian.engine.cases.choices import own_unit_choices
from shian.kernel.accounts.permissions import requires
from shian.kernel.files.actions import FileRefused
from shian.kernel.ui.pages import FormPage
from shian.kernel.ui.pieces import Crumb
from shian.kernel.ui.signatures import signature_in
from shian.registers.people.models import Organisation

SEPARATORS = re.compile(r"[\s,;，；、]+")


def crumbs(visit: FieldVisit | None = None) -> list[Crumb]:
    """The list, and the visit's own page."""
    found = [Crumb(_("明查暗访"), reverse("fieldchecks:field_visit_list"))]
    return [*found, Crumb(visit.point.name, visit_url(visit))] if visit else found


@requires(VISIT_ASSIGN)
def visit_create(request: HttpRequest) -> HttpResponseBase:
    """Points given to a team."""
    user, today = request.user, timezone.localdate()
    issuers, people = own_unit_choices(user, today), checkers_for(user, today)
    form = AssignForm(
        request.POST or None, issuers=issuers, people=[(str(each.pk), name) for each, name in people],
        initial={"codes": request.GET.get("point", ""), "issuer": issuers[0][0] if issuers else ""},
    )  # fmt: skip

    def step() -> str:
        told, accounts = form.cleaned_data, {str(each.pk): each for each, _name in people}
        codes = [each for each in SEPARATORS.split(told["codes"]) if each]
        visits = assign_visits(
            errand=Errand(_points(user, codes), told["due_on"], told["round_no"]),
            team=Team(Organisation.objects.get(code=told["issuer"]), accounts[told["lead"]],
                      accounts.get(told["second"])),
            by=user, at=timezone.now(),
        )  # fmt: skip
        return _("已安排 %(count)s 次检查。") % {"count": len(visits)}

    listed = reverse("fieldchecks:field_visit_list")
    page = FormPage(_("安排检查"), form, _("安排"), cancel_url=listed, crumbs=crumbs(), draft="field-visit")
    return step_page(request, page, step, f"{listed}?standing=open")


def _points(user: Any, codes: list[str]) -> Any:
    try:
        return errands_for(user, codes, timezone.localdate())
    except PointUnknown as unknown:
        raise CheckRefused(_("辖区内没有这些点位：%(codes)s。") % {"codes": unknown}, "codes") from unknown


@requires(VISIT_WORK)
def visit_enter(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The team stands at the place."""
    visit = visit_for(request.user, pk)
    form = SpotForm(request.POST or None)

    def step() -> str:
        told = form.cleaned_data
        arrive(visit=visit, spot=Spot(told["lat"], told["lon"], told["accuracy"]), by=request.user, at=timezone.now())
        return _("已记录到场。")

    intro = _("请在消费现场点“取当前位置”。") if visit.is_covert else _("两人到场并出示执法证件后，点“取当前位置”。")
    page = FormPage(_("到达现场"), form, _("确认到场"), cancel_url=visit_url(visit), crumbs=crumbs(visit), intro=intro)
    if request.method == "POST":
        return step_page(request, page, step, visit_url(visit))
    return render(request, "fieldchecks/visit_enter.html", {"page": page})


@requires(VISIT_WORK)
def visit_sign(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Signatures of both sides, drawn."""
    visit = visit_for(request.user, pk)
    if request.method == "POST":
        try:
            sign_visit(
                visit=visit, operator=signature_in(request.POST, request.FILES, "operator_signature"),
                team=signature_in(request.POST, request.FILES, "team_signature"), by=request.user, at=timezone.now(),
            )  # fmt: skip
        except (CheckRefused, FileRefused) as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("已签字。"))
            return redirect(visit_url(visit))
    context = {"visit": visit, "crumbs": crumbs(visit), "back": visit_url(visit)}
    return render(request, "fieldchecks/visit_sign.html", context)


@requires(VISIT_WORK)
def visit_add(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Who went along, where nobody was named."""
    visit, people = visit_for(request.user, pk), checkers_for(request.user, timezone.localdate())
    form = JoinForm(request.POST or None, people=[(str(each.pk), name) for each, name in people])

    def step() -> str:
        found = {str(each.pk): each for each, _name in people}
        join_visit(visit=visit, second=found[form.cleaned_data["second"]], by=request.user, at=timezone.now())
        return _("已登记同行人员。")

    page = FormPage(_("登记同行人员"), form, _("登记"), cancel_url=visit_url(visit), crumbs=crumbs(visit))
    return step_page(request, page, step, visit_url(visit))


@requires(VISIT_WORK)
def visit_cancel(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Closed or refused."""
    visit, form = visit_for(request.user, pk), GiveUpForm(request.POST or None)

    def step() -> str:
        told = form.cleaned_data
        give_up(visit=visit, reason=told["reason"], is_replaced=told["outcome"] == "replaced", by=request.user,
                at=timezone.now())  # fmt: skip
        return _("已登记。")

    page = FormPage(_("未能检查"), form, _("登记"), cancel_url=visit_url(visit), crumbs=crumbs(visit))
    return step_page(request, page, step, visit_url(visit))


@requires(VISIT_WORK)
@require_POST
def visit_close(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Close the record."""
    return _done(request, pk, close_visit, _("已归档。"))


@requires(VISIT_RELEASE)
@require_POST
def visit_publish(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Tell a covert visit to those it concerns."""
    return _done(request, pk, release_visit, _("已公布，失分项目已列为问题。"))


def _done(request: HttpRequest, pk: int, action: Any, said: str) -> HttpResponseBase:
    visit = visit_for(request.user, pk)
    try:
        action(visit=visit, by=request.user, at=timezone.now())
    except CheckRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, said)
    return redirect(visit_url(visit))
