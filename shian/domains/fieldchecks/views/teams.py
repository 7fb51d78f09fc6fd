"""Teams: who meets the standard, who belongs to one."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.fieldchecks.models import FieldTeam
from shian.domains.fieldchecks.permissions import TEAM_READ
from shian.domains.fieldchecks.queries.numbers import numbers_at
from shian.domains.fieldchecks.queries.teams import members_of, strengths, team_for, teams_of
from shian.domains.fieldchecks.rules.rounds import RoundNumbers, TeamStrength
from shian.domains.fieldchecks.tables.teams import MEMBERS, TEAMS, member_row, stage_of, standard_of, team_row
from shian.kernel.accounts.permissions import requires
from shian.kernel.imports.permissions import import_into
from shian.kernel.imports.specs import importer
from shian.kernel.ui.formats import number_text
from shian.kernel.ui.pages import ListPage, RecordPage
from shian.kernel.ui.pieces import Action, Callout, Crumb, Fact, Section, Stat
from shian.kernel.ui.states import DONE, DUE, OVERDUE
from shian.kernel.ui.tables import Empty, Table
from shian.registers.areas.queries import area_names

NOBODY = TeamStrength(0, 0)


@requires(TEAM_READ)
def team_list(request: HttpRequest) -> HttpResponse:
    """Every team of the own areas, those that fall short marked."""
    user, today = request.user, timezone.localdate()
    teams, numbers, names = list(teams_of(user)), numbers_at(today), area_names(today)
    found = strengths(teams, today)
    rows = [team_row(each, found.get(each.pk, NOBODY), numbers, names, today) for each in teams]
    short = sum(bool(found.get(each.pk, NOBODY).lacks(numbers)) for each in teams)
    people = sum(each.members for each in found.values())
    shown = ListPage(
        _("检查队伍"), Table(TEAMS, rows, empty=Empty(_("还没有检查队伍"), _("导入队伍和队员。"))), unit=_("支"),
        summary=_("每支队伍不少于 %(members)s 人，持有效执法证的不低于 %(share)s %%。")
        % {"members": numbers.members, "share": number_text(numbers.certificates * 100)},
        actions=_actions(user),
    )  # fmt: skip
    stats = [
        Stat(_("达标队伍"), len(teams) - short, unit=_("支"), part=len(teams) - short, whole=len(teams)),
        Stat(_("不达标"), short, unit=_("支"), state=OVERDUE if short else DONE,
             state_label=_("须补充") if short else _("齐全")),
        Stat(_("队员"), people, unit=_("人")),
        Stat(_("持证"), sum(each.certified for each in found.values()), unit=_("人"),
             part=sum(each.certified for each in found.values()), whole=people),
    ]  # fmt: skip
    return render(request, "ui/page_overview.html", {"list": shown, "stats": stats, "notes": ()})


def _actions(user: Any) -> list[Action]:
    found = []
    for key, label in (("field_teams", _("导入队伍")), ("team_members", _("导入队员"))):
        if import_into(importer(key))(user).allowed:
            found.append(Action(label, f"{reverse('imports:batch_create')}?importer={key}", icon="file-import"))
    return found


@requires(TEAM_READ)
def team_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One team: its strength against the standard, and its members."""
    team, today = team_for(request.user, pk), timezone.localdate()
    numbers, found = numbers_at(today), strengths([team], today)[team.pk]
    standard, tone = standard_of(found, numbers)
    stage, _stage_tone = stage_of(team, today)
    page = RecordPage(
        team.name, code=team.code, kind=_("检查队伍"), state=tone, state_label=standard, badges=[stage],
        crumbs=[Crumb(_("检查队伍"), reverse("fieldchecks:field_team_list"))],
        sections=_sections(team, found, numbers),
    )  # fmt: skip
    members = Table(MEMBERS, [member_row(each, today) for each in members_of(team, today)], id="members",
                    empty=Empty(_("还没有队员"), _("导入队员。")))  # fmt: skip
    notes = [Callout(text, state=DUE) for text in _shortfalls(found, numbers)]
    return render(
        request, "ui/page_record_tables.html", {"record": page, "notes": notes, "tables": [(_("队员"), members)]}
    )


def _sections(team: FieldTeam, found: TeamStrength, numbers: RoundNumbers) -> list[Section]:
    names = area_names(timezone.localdate())
    least = _("不少于 %(members)s 人") % {"members": numbers.members}
    wanted = _("不低于 %(share)s %%") % {"share": number_text(numbers.certificates * 100)}
    return [
        Section(_("队伍"), [
            Fact(_("区划"), names.get(team.area, team.area_code)),
            Fact(_("片区"), team.region or None),
            Fact(_("组建单位"), team.organisation.name),
            Fact(_("队员"), found.members, kind="number", unit=_("人"), note=least),
            Fact(_("持证率"), round(found.share * 100, 1), kind="percent", note=wanted),
        ]),
        Section(_("进展"), [
            Fact(_("组建日期"), team.formed_on, kind="date"),
            Fact(_("培训日期"), team.trained_on, kind="date"),
            Fact(_("上岗日期"), team.active_on, kind="date"),
            Fact(_("轮换日期"), team.rotated_on, kind="date"),
        ]),
    ]  # fmt: skip


def _shortfalls(found: TeamStrength, numbers: RoundNumbers) -> list[str]:
    told = []
    short = found.lacks(numbers)
    if "members" in short:
        told.append(_("还差 %(count)s 人。") % {"count": numbers.members - found.members})
    if "certificates" in short and found.members:
        told.append(
            _("持证 %(have)s 人，按 %(all)s 人计应不少于 %(need)s 人。")
            % {"have": found.certified, "all": found.members, "need": -(-numbers.certificates * found.members // 1)}
        )
    return told
