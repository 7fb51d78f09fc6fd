"""The roster of officials: list, record, named, replaced, ended."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.duties.actions.officials import Appointment, end_official, name_official, replace_official
from shian.domains.duties.filters import filters_of, read_choice
from shian.domains.duties.forms.roster import OfficialForm, ReasonForm
from shian.domains.duties.models import Match, Official, OfficialLevel
from shian.domains.duties.permissions import DUTY_KEEP, DUTY_READ
from shian.domains.duties.queries.letters import letters_of
from shian.domains.duties.queries.lists import Choice, level_counts, loads_of, official_for, officials_chosen
from shian.domains.duties.queries.standards import match_rules_at
from shian.domains.duties.tables.roster import (
    LETTERS,
    OF_OFFICIAL,
    OFFICIALS,
    letter_rows,
    match_rows,
    official_rows,
    official_url,
)
from shian.domains.duties.views.shown import figure_url, home_of, names, paged, step_page, today
from shian.kernel.accounts.permissions import requires
from shian.kernel.imports.permissions import import_into
from shian.kernel.imports.specs import importer
from shian.kernel.notary.timelines import timeline_of
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import LEVELS
from shian.kernel.ui.pages import FormPage, ListPage, RecordPage
from shian.kernel.ui.pieces import Action, Crumb, Fact, Option, Section, Stat
from shian.kernel.ui.states import DONE, NEUTRAL
from shian.kernel.ui.tables import Empty, Table
from shian.registers.areas.tables import area_choices

LEFT = "left"


@requires(DUTY_READ)
def official_list(request: HttpRequest) -> HttpResponse:
    """Officials in office, by level, with their loads."""
    user: Any = request.user
    choice, named, warned = read_choice(request.GET, user), names(), match_rules_at(today()).load_warning
    empty = Empty(_("没有包保干部"), _("请登记或导入市、县、乡、村四级包保干部。"))

    def drawn(items: Any) -> Any:
        return official_rows(items, loads_of([each.pk for each in items]), warned)

    table = paged(request, officials_chosen(user, choice), OFFICIALS, drawn, empty, sort="code")
    states = [Option(LEFT, _("已离任"))]
    page = ListPage(
        _("包保干部"), table, unit=_("人"), actions=_list_actions(user),
        filters=filters_of(choice, user, named, today(), states=states, with_level=True,
                           placeholder=_("姓名、单位或编号")),
        summary=_("每名干部的任期都留痕：接替的另起一行，原行保留。"),
    )  # fmt: skip
    return render(request, "ui/page_overview.html", {"list": page, "stats": _stats(user, choice), "notes": ()})


def _stats(user: Any, choice: Choice) -> list[Stat]:
    counts, area = level_counts(user, choice), home_of(user, choice.area)
    tiles = [Stat(_("包保干部"), sum(counts.values()), unit=_("人"), url=figure_url("duty_officials.total", area))]
    tiles += [
        Stat(each.label, counts.get(each.value, 0), unit=_("人"), url=figure_url(f"duty_officials.{each.value}", area))
        for each in OfficialLevel
    ]
    return tiles


def _list_actions(user: Any) -> list[Action]:
    if not DUTY_KEEP(user).allowed:
        return []
    found = [Action(_("登记干部"), reverse("duties:official_create"), icon="plus")]
    if import_into(importer("duty_officials"))(user).allowed:
        url = f"{reverse('imports:batch_create')}?importer=duty_officials"
        found.append(Action(_("导入"), url, icon="file-import", kind="primary"))
    return found


@requires(DUTY_READ)
def official_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One official: post, letters, operators now, what happened."""
    official = official_for(request.user, pk)
    named, gone = names(), official.valid_to is not None
    page = RecordPage(
        official.name, code=official.code, kind=_("包保干部"), state=NEUTRAL if gone else DONE,
        state_label=_("已离任") if gone else _("在任"), badges=[official.get_level_display()],
        crumbs=[Crumb(_("包保干部"), reverse("duties:official_list"))], actions=_actions(request.user, official),
        sections=_sections(official, named), timeline=timeline_of(official.subject),
    )  # fmt: skip
    matches = Match.objects.visible_to(request.user).filter(official=official, valid_to=None)
    rows = matches.select_related("operator", "official").order_by("tier", "operator__code")
    held = list(match_rows(rows, named))
    letters = letters_of(request.user).filter(official=official).order_by("-number")
    signed = list(letter_rows(letters, today()))
    tables = [
        (_("现在包保的主体"), Table(OF_OFFICIAL, held, empty=Empty(_("没有包保主体")), id="matches")),
        (_("承诺书"), Table(LETTERS, signed, empty=Empty(_("还没有承诺书")), id="letters")),
    ]
    return render(request, "ui/page_record_tables.html", {"record": page, "notes": (), "tables": tables})


def _sections(official: Official, named: Any) -> list[Section]:
    before = official.replaces
    after = getattr(official, "successor", None)
    return [
        Section(_("任职"), [
            Fact(_("职务"), official.post), Fact(_("单位"), official.unit),
            Fact(_("任职区划"), named.get(official.area, official.area)),
            Fact(_("分管领域"), official.charge), Fact(_("党政主要负责人"), _("是") if official.is_head else _("否")),
            Fact(_("办公电话"), official.office_phone),
            Fact(_("任职日期"), official.valid_from, kind="date"), Fact(_("离任日期"), official.valid_to, kind="date"),
            Fact(_("接替"), before.name if before else None, url=official_url(before) if before else ""),
            Fact(_("接替人员"), after.name if after else None, url=official_url(after) if after else ""),
        ]),
    ]  # fmt: skip


def _actions(user: Any, official: Official) -> list[Action]:
    keeps = DUTY_KEEP(user).allowed and reach_of(user).covers(official.area) and official.valid_to is None
    if not keeps:
        return []
    return [
        Action(_("由他人接替"), reverse("duties:official_replace", args=[official.pk]), icon="users", kind="primary"),
        Action(_("登记离任"), reverse("duties:official_end", args=[official.pk]), icon="ban", kind="danger-quiet"),
    ]


@requires(DUTY_KEEP)
def official_create(request: HttpRequest) -> HttpResponseBase:
    """Somebody new on the roster."""
    areas = area_choices(request.user, [level.value for level in LEVELS[1:]], today())
    form = OfficialForm(request.POST or None, areas=areas, initial={"valid_from": today(), "level": "village"})

    def step() -> str:
        made = name_official(appointment=Appointment(**form.cleaned_data), by=request.user, at=timezone.now())
        return _("已登记：%(name)s。") % {"name": made.name}

    listed = reverse("duties:official_list")
    page = FormPage(_("登记包保干部"), form, _("登记"), cancel_url=listed, crumbs=[Crumb(_("包保干部"), listed)])
    return step_page(request, page, step, listed)


@requires(DUTY_KEEP)
def official_replace(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A successor who takes over every operator."""
    official = _in_office(request.user, pk)
    initial = {"post": official.post, "unit": official.unit, "valid_from": today(), "is_head": official.is_head}
    form = OfficialForm(request.POST or None, areas=(), is_successor=True, initial=initial)

    def step() -> str:
        given = Appointment(**form.cleaned_data, level=official.level, area=official.area_code)
        made, _renewed = replace_official(official=official, appointment=given, by=request.user, at=timezone.now())
        return _("已由%(name)s接替，承诺书须重新签订。") % {"name": made.name}

    count = loads_of([official.pk]).get(official.pk, 0)
    told = {"name": official.name, "count": count}
    page = FormPage(
        _("由他人接替"), form, _("接替"), cancel_url=official_url(official), crumbs=_crumbs(official),
        consequence=_("%(name)s包保的 %(count)s 户即时转给接替人员，原承诺书失效，新承诺书待签。") % told,
    )  # fmt: skip
    return step_page(request, page, step, official_url(official))


@requires(DUTY_KEEP)
def official_end(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Leaves; the operators wait for somebody else."""
    official, form = _in_office(request.user, pk), ReasonForm(request.POST or None)

    def step() -> str:
        end_official(official=official, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        return _("已登记离任，请为其原包保主体安排对接。")

    told = {"count": loads_of([official.pk]).get(official.pk, 0)}
    page = FormPage(
        _("登记离任"), form, _("登记"), cancel_url=official_url(official), crumbs=_crumbs(official),
        consequence=_("%(count)s 户将没有包保干部，直到新的对接方案批准；有人接替的请用“由他人接替”。") % told,
    )  # fmt: skip
    return step_page(request, page, step, official_url(official))


def _in_office(user: Any, pk: int) -> Official:
    official: Official = Official.objects.get_visible(user, pk=pk)
    if official.valid_to is not None:
        raise Http404(pk)
    return official


def _crumbs(official: Official) -> list[Crumb]:
    return [Crumb(_("包保干部"), reverse("duties:official_list")), Crumb(official.name, official_url(official))]
