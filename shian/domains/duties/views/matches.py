"""Who answers for whom: matches in force, those without, the heaviest loads; one match changed."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.duties.actions.matches import change_match
from shian.domains.duties.filters import filters_of, read_choice
from shian.domains.duties.forms.roster import MatchForm
from shian.domains.duties.models import Official, Tier, TierState
from shian.domains.duties.permissions import DUTY_KEEP, DUTY_READ
from shian.domains.duties.queries.lists import (
    Choice,
    heaviest,
    loads_of,
    matches_chosen,
    standing_of,
    unmatched_tiers,
)
from shian.domains.duties.queries.standards import match_rules_at
from shian.domains.duties.rules.matching import LEVEL_OF
from shian.domains.duties.tables.roster import (
    MATCHES,
    OFFICIALS,
    UNMATCHED,
    Term,
    match_rows,
    official_rows,
    operator_url,
    unmatched_rows,
)
from shian.domains.duties.views.shown import figure_url, home_of, names, paged, step_page, today
from shian.kernel.accounts.permissions import requires
from shian.kernel.imports.permissions import import_into
from shian.kernel.imports.specs import importer
from shian.kernel.ui.pages import FormPage, ListPage
from shian.kernel.ui.pieces import Action, Callout, Crumb, Stat, Tab
from shian.kernel.ui.states import DONE, DUE, OVERDUE
from shian.kernel.ui.tables import Empty, Table
from shian.kernel.workdays.queries import calendar
from shian.registers.operators.models import Operator

WITHOUT, SHOWN = "unmatched", 8


@requires(DUTY_READ)
def match_list(request: HttpRequest) -> HttpResponse:
    """Matches in force, or with ?state=unmatched the operators that wait for an official."""
    user: Any = request.user
    choice, named = read_choice(request.GET, user), names()
    rules = match_rules_at(today())
    waiting = choice.state == WITHOUT
    if waiting:
        empty = Empty(_("没有未对接的主体"), _("每户已分级的主体都有一名包保干部。"))
        term = Term(calendar(), rules.rematch_days, today())
        rows, drawn = unmatched_tiers(user, choice), partial(unmatched_rows, names=named, term=term)
        table = paged(request, rows, UNMATCHED, drawn, empty, sort="tier")
    else:
        empty = Empty(_("还没有包保对接"), _("请先分级和登记干部，再提出对接方案，或导入。"))
        matched = matches_chosen(user, choice)
        table = paged(request, matched, MATCHES, lambda items: match_rows(items, named), empty, sort="tier")
    standing = standing_of(user, choice, rules.load_warning)
    page = ListPage(
        _("包保对接"), table, unit=_("户"), actions=_actions(user, choice), tabs=_tabs(choice, standing.unmatched),
        filters=filters_of(choice, user, named, today(), with_tier=True),
        summary=_("每户主体同一天只有一名与其层级对应的干部；层级不对应和一户两人由数据库拒绝。"),
    )  # fmt: skip
    heavy = heaviest(user, choice, SHOWN)
    loads = {official.pk: count for official, count in heavy}
    rows_of_heavy = list(official_rows([official for official, _count in heavy], loads, rules.load_warning))
    table_of_heavy = Table(OFFICIALS, rows_of_heavy, empty=Empty(_("还没有包保对接")), id="heavy")
    tables = [(_("负荷最重的干部"), table_of_heavy)]
    context = {
        "list": page, "stats": _stats(standing, home_of(user, choice.area)), "notes": _notes(standing, choice),
        "tables": () if waiting else tables,
    }  # fmt: skip
    return render(request, "ui/page_overview.html", context)


def _tabs(choice: Choice, waiting: int) -> list[Tab]:
    own, more = reverse("duties:match_list"), f"area={choice.area}" if choice.area else ""
    return [
        Tab(_("已对接"), f"{own}?{more}", is_active=choice.state != WITHOUT),
        Tab(_("未对接"), f"{own}?state={WITHOUT}&{more}", count=waiting, is_active=choice.state == WITHOUT,
            state=OVERDUE if waiting else ""),
    ]  # fmt: skip


def _stats(standing: Any, area: str) -> list[Stat]:
    total = standing.matched + standing.unmatched
    good = [
        (_("未对接"), standing.unmatched), (_("层级不对应"), standing.wrong_level), (_("一户两人"), standing.doubled),
    ]  # fmt: skip
    tiles = [Stat(_("已对接"), standing.matched, unit=_("户"), part=standing.matched, whole=total,
                  url=figure_url("duty_matches.coverage", area))]  # fmt: skip
    tiles += [
        Stat(label, count, unit=_("户"), state=OVERDUE if count else DONE,
             state_label=_("须处理") if count else _("没有")) for label, count in good
    ]  # fmt: skip
    tiles.append(
        Stat(_("负荷偏重的干部"), standing.heavy, unit=_("人"), state=DUE if standing.heavy else DONE,
             state_label=_("超过提醒线") if standing.heavy else _("没有"))
    )  # fmt: skip
    return tiles


def _notes(standing: Any, choice: Choice) -> list[Callout]:
    if not standing.unmatched:
        return []
    url = reverse("duties:match_plan_create") + (f"?area={choice.area}" if choice.area else "")
    told = {"count": standing.unmatched}
    return [
        Callout(_("%(count)s 户已分级而没有包保干部") % told, _("先试算，再提交方案，由另一人批准。"), state=DUE,
                actions=[Action(_("试算"), url, icon="list-check", kind="primary")])
    ]  # fmt: skip


def _actions(user: Any, choice: Choice) -> list[Action]:
    if not DUTY_KEEP(user).allowed:
        return []
    more = f"?area={choice.area}" if choice.area else ""
    found = [
        Action(_("试算对接"), reverse("duties:match_plan_create") + more, icon="list-check"),
        Action(_("对接方案"), reverse("duties:match_plan_list"), icon="clipboard-check"),
    ]
    if import_into(importer("duty_matches"))(user).allowed:
        url = f"{reverse('imports:batch_create')}?importer=duty_matches"
        found.append(Action(_("导入"), url, icon="file-import", kind="primary"))
    return found


@requires(DUTY_KEEP)
def match_edit(request: HttpRequest, code: str) -> HttpResponseBase:
    """Another official for one operator."""
    operator: Operator = Operator.objects.get_visible(request.user, code=code)
    officials = _eligible(operator)
    form = MatchForm(request.POST or None, officials=officials)

    def step() -> str:
        told = form.cleaned_data
        renewed = change_match(
            operator=operator, official=Official.objects.get(pk=int(told["official"])), reason=told["reason"],
            by=request.user, at=timezone.now(),
        )  # fmt: skip
        told = {"invalid": len(renewed.invalid), "due": len(renewed.due)}
        return _("已调整。%(invalid)s 份承诺书失效，%(due)s 份待重新签订。") % told

    page = FormPage(
        _("调整包保干部"), form, _("调整"), intro=f"{operator.code} {operator.name}", cancel_url=operator_url(operator),
        crumbs=[Crumb(_("包保对接"), reverse("duties:match_list")), Crumb(operator.name, operator_url(operator))],
        consequence=_("即时生效：原干部和新干部的承诺书同时失效，两人都须重新签订。"),
    )  # fmt: skip
    return step_page(request, page, step, operator_url(operator))


def _eligible(operator: Operator) -> list[tuple[str, str]]:
    """Officials of the level and the area of the operator, the least loaded first."""
    tier = Tier.objects.filter(operator=operator, state=TierState.CONFIRMED, valid_to=None).first()
    if tier is None:
        return []
    level = LEVEL_OF[tier.tier]
    column = "township" if level == "village" else level
    rows = Official.objects.filter(level=level, valid_to=None, **{column: getattr(operator, column)})
    found = list(rows.order_by("code"))
    loads = loads_of([each.pk for each in found])
    found.sort(key=lambda each: (loads.get(each.pk, 0), each.code))
    return [
        (str(each.pk), _("%(name)s（%(post)s，现有 %(load)s 户）")
         % {"name": each.name, "post": f"{each.unit}{each.post}", "load": loads.get(each.pk, 0)})
        for each in found
    ]  # fmt: skip
