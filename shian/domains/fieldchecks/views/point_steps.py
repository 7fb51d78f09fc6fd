"""What is done to a point: listed, prepared, checked, ready, sent back, withdrawn."""

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.fieldchecks.actions.points import (
    PointDraft,
    advance_point,
    list_point,
    withdraw_point,
)
from shian.domains.fieldchecks.actions.refusals import CheckRefused
from shian.domains.fieldchecks.forms.points import PointForm, ReasonForm, StepForm
from shian.domains.fieldchecks.models import FieldPoint, Mode, PointState
from shian.domains.fieldchecks.permissions import POINT_KEEP
from shian.domains.fieldchecks.queries.points import operator_for, point_for
from shian.domains.fieldchecks.rules.points import next_steps
from shian.domains.fieldchecks.tables.points import point_url
from shian.domains.fieldchecks.views.forms import step_page
from shian.domains.fieldchecks.views.points import BUTTONS, formats_for
from shian.kernel.accounts.permissions import requires
from shian.kernel.scope.rules import Level
from shian.kernel.ui.pages import FormPage
from shian.kernel.ui.pieces import Crumb
from shian.registers.areas.tables import area_choices

PLACES = (Level.COUNTY, Level.TOWNSHIP)


@requires(POINT_KEEP)
def point_create(request: HttpRequest) -> HttpResponseBase:
    """A new point: an operator of the register, or a place with its name."""
    user, today = request.user, timezone.localdate()
    kinds = [
        (f"{each.mode}:{each.code}", f"{Mode(each.mode).label} {each.code} {each.name}")
        for each in formats_for(user, "")
    ]
    form = PointForm(request.POST or None, kinds=kinds, areas=area_choices(user, PLACES, today))

    def step() -> str:
        point = list_point(draft=_draft(form, user), by=user, at=timezone.now())
        return _("已列入点位库：%(code)s。") % {"code": point.code}

    listed = reverse("fieldchecks:field_point_list")
    page = FormPage(
        _("登记点位"), form, _("登记"), cancel_url=listed, crumbs=[Crumb(_("检查点位"), listed)],
        intro=_("同一检查方式下一个主体只属于一个业态。"),
    )  # fmt: skip
    return step_page(request, page, step, listed)


def _draft(form: PointForm, user: Any) -> PointDraft:
    told = form.cleaned_data
    mode, _sign, code = told["kind"].partition(":")
    operator = None
    if told["operator"]:
        operator = operator_for(user, told["operator"])
        if operator is None:
            raise CheckRefused(_("辖区内没有这个编号的主体。"), "operator")
    return PointDraft(
        mode, code, operator, told["name"], told["area"], told["address"], told["lon"], told["lat"]
    )  # fmt: skip


@requires(POINT_KEEP)
def point_advance(request: HttpRequest, pk: int, to: str) -> HttpResponseBase:
    """The next state, or a ready point back to checked."""
    point = point_for(request.user, pk)
    if to not in next_steps(point.state):
        raise Http404(to)
    is_back = point.state == PointState.READY
    form = (ReasonForm if is_back else StepForm)(request.POST or None, initial={"on": timezone.localdate()})

    def step() -> str:
        told = form.cleaned_data
        changed = advance_point(
            point=point, to=to, on=told["on"], reason=told.get("reason", ""), by=request.user, at=timezone.now()
        )
        return _("点位现在是“%(state)s”。") % {"state": changed.get_state_display()}

    title = _("退回整改") if is_back else str(BUTTONS[to])
    consequence = _("退回后不参加抽取，直到重新确认就绪。") if is_back else ""
    return step_page(request, _page(point, title, form, consequence), step, point_url(point))


@requires(POINT_KEEP)
def point_withdraw(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The point is no longer visited."""
    point = point_for(request.user, pk)
    if point.state == PointState.WITHDRAWN:
        raise Http404(pk)
    form = ReasonForm(request.POST or None, initial={"on": timezone.localdate()})

    def step() -> str:
        told = form.cleaned_data
        withdraw_point(point=point, on=told["on"], reason=told["reason"], by=request.user, at=timezone.now())
        return _("点位已退出。")

    consequence = _("退出后不再检查、不再抽取；以前的记录保留。")
    return step_page(request, _page(point, _("退出点位库"), form, consequence), step, point_url(point))


def _page(point: FieldPoint, title: str, form: Any, consequence: str) -> FormPage:
    listed = Crumb(_("检查点位"), reverse("fieldchecks:field_point_list"))
    return FormPage(
        title, form, _("提交"), intro=f"{point.code} {point.name}", consequence=consequence,
        cancel_url=point_url(point),
        crumbs=[listed, Crumb(point.code, point_url(point))],
    )  # fmt: skip
