"""The census against the register: registered = tiered + left out + still to find out; every figure opens its rows."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.duties.actions.census import Found, record_census
from shian.domains.duties.filters import filters_of, read_choice
from shian.domains.duties.forms.roster import CensusForm
from shian.domains.duties.models import Exclusion
from shian.domains.duties.permissions import CENSUS_KEEP, DUTY_READ
from shian.domains.duties.queries.lists import Choice, excluded_entries, gap_operators, reconciliation_of
from shian.domains.duties.queries.standards import match_rules_at
from shian.domains.duties.tables.roster import EXCLUDED, GAPS, Term, excluded_rows, gap_rows, operator_url
from shian.domains.duties.views.shown import figure_url, home_of, names, paged, rows_url, step_page, today
from shian.kernel.accounts.permissions import requires
from shian.kernel.imports.permissions import import_into
from shian.kernel.imports.specs import importer
from shian.kernel.ui.pages import FormPage, ListPage
from shian.kernel.ui.pieces import Action, Crumb, Option, Stat, Tab
from shian.kernel.ui.states import DONE, DUE
from shian.kernel.ui.tables import Empty
from shian.kernel.workdays.queries import calendar
from shian.registers.operators.models import Operator

LEFT_OUT = "excluded"


@requires(DUTY_READ)
def census_list(request: HttpRequest) -> HttpResponse:
    """Operators with neither tier nor reason, or those left out; the reconciliation above."""
    user: Any = request.user
    choice = read_choice(request.GET, user)
    left_out = request.GET.get("view") == LEFT_OUT
    area, named = home_of(user, choice.area), names()
    if left_out:
        rows = excluded_entries(user, choice)
        empty = Empty(_("没有不纳入包保的主体"), _("不纳入的每户都有原因，在主体档案“包保”页登记。"))
        table = paged(request, rows, EXCLUDED, lambda items: excluded_rows(items, named), empty)
    else:
        found = gap_operators(user, choice, today())
        empty = Empty(_("没有待摸底的主体"), _("在册主体都已分级，或已写明不纳入的原因。"))
        term = Term(calendar(), match_rules_at(today()).status_days, today())
        table = paged(request, found, GAPS, partial(gap_rows, names=named, term=term), empty, sort="-opened_on")
    reasons = [Option(each.value, each.label) for each in Exclusion] if left_out else []
    page = ListPage(
        _("包保摸底排查"), table, unit=_("户"), tabs=_tabs(left_out=left_out, area=choice.area),
        filters=filters_of(choice, user, named, today(), states=reasons),
        summary=_("在册主体 ＝ 已分级 ＋ 不纳入 ＋ 待摸底。点数字看明细。"), actions=_actions(user),
    )  # fmt: skip
    return render(request, "ui/page_overview.html", {"list": page, "stats": _stats(choice, area), "notes": ()})


def _tabs(*, left_out: bool, area: str) -> list[Tab]:
    own = reverse("duties:census_list")
    more = f"&area={area}" if area else ""
    return [
        Tab(_("待摸底"), f"{own}?view=gaps{more}", is_active=not left_out),
        Tab(_("不纳入"), f"{own}?view={LEFT_OUT}{more}", is_active=left_out),
    ]


def _stats(choice: Choice, area: str) -> list[Stat]:
    """Of the area that the reader stands in or chose."""
    found = reconciliation_of(area, today())
    unit = _("户")
    tiles = [
        Stat(_("在册主体"), found.registered, unit=unit, url=rows_url("operators.total", area)),
        Stat(_("已核实"), found.verified, unit=unit, url=rows_url("duty_census.verified", area)),
        Stat(_("已分级"), found.tiered, unit=unit, part=found.tiered, whole=found.registered,
             url=figure_url("duty_tiers.total", area)),
        Stat(_("不纳入"), found.left_out, unit=unit, url=figure_url("duty_census.excluded", area)),
        Stat(_("待摸底"), found.gaps, unit=unit, state=DUE if found.gaps else DONE,
             state_label=_("既无层级又无原因") if found.gaps else _("全部有结论")),
    ]  # fmt: skip
    words = {each.value: each.label for each in Exclusion}
    own = reverse("duties:census_list")
    more = f"&area={choice.area}" if choice.area else ""
    tiles += [
        Stat(words[reason], count, unit=unit, url=f"{own}?view={LEFT_OUT}&state={reason}{more}")
        for reason, count in found.excluded.items()
    ]
    return tiles


def _actions(user: Any) -> list[Action]:
    if not import_into(importer("duty_census"))(user).allowed:
        return []
    url = f"{reverse('imports:batch_create')}?importer=duty_census"
    return [Action(_("导入"), url, icon="file-import", kind="primary")]


@requires(CENSUS_KEEP)
def census_edit(request: HttpRequest, code: str) -> HttpResponseBase:
    """What was found at one operator."""
    operator: Operator = Operator.objects.get_visible(request.user, code=code)
    form = CensusForm(request.POST or None, initial={"employees": operator.employees, "state": "verified"})

    def step() -> str:
        told = form.cleaned_data
        record_census(
            operator=operator, by=request.user, at=timezone.now(),
            found=Found(
                told["state"], told["employees"], told["output"], told["diners"], told["exclusion"], note=told["note"]
            ),
        )  # fmt: skip
        return _("已登记摸底结果。")

    listed = Crumb(_("包保摸底排查"), reverse("duties:census_list"))
    page = FormPage(
        _("登记摸底结果"), form, _("登记"), intro=f"{operator.code} {operator.name}", cancel_url=operator_url(operator),
        crumbs=[listed, Crumb(operator.name, operator_url(operator))],
        consequence=_("登记“不纳入”后，该户的包保层级和对接即时终止，有关承诺书失效。"),
    )  # fmt: skip
    return step_page(request, page, step, operator_url(operator))
