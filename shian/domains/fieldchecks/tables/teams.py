"""Teams and members as rows."""

from collections.abc import Mapping
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.fieldchecks.models import FieldTeam
from shian.domains.fieldchecks.queries.teams import Member
from shian.domains.fieldchecks.rules.rounds import RoundNumbers, TeamStrength
from shian.kernel.ui.masking import Personal
from shian.kernel.ui.states import DONE, DUE, NEUTRAL, OVERDUE, WAITING
from shian.kernel.ui.tables import Cell, Column, Row

TEAMS = (
    Column("name", gettext_lazy("队伍"), is_fixed=True, is_wide=True),
    Column("code", gettext_lazy("队伍编号"), kind="code", is_default=False),
    Column("area", gettext_lazy("区划")),
    Column("region", gettext_lazy("片区")),
    Column("stage", gettext_lazy("阶段")),
    Column("members", gettext_lazy("队员"), kind="number", unit=gettext_lazy("人")),
    Column("certified", gettext_lazy("持证"), kind="progress"),
    Column("state", gettext_lazy("达标情况")),
)
MEMBERS = (
    Column("name", gettext_lazy("姓名"), is_fixed=True),
    Column("unit", gettext_lazy("所在单位"), is_wide=True),
    Column("certificate", gettext_lazy("执法证号"), kind="code", personal=Personal.IDENTITY),
    Column("valid_to", gettext_lazy("有效期至"), kind="date"),
    Column("state", gettext_lazy("执法证")),
    Column("joined_on", gettext_lazy("加入日期"), kind="date"),
)
SOON_DAYS = 60


def team_url(team: FieldTeam) -> str:
    return reverse("fieldchecks:field_team_detail", args=[team.pk])


def stage_of(team: FieldTeam, day: date) -> tuple[str, str]:
    """The word and colour of the last day that a team has reached."""
    if team.rotated_on and team.rotated_on <= day:
        return _("已轮换"), NEUTRAL
    if team.active_on and team.active_on <= day:
        return _("在岗"), DONE
    if team.trained_on and team.trained_on <= day:
        return _("已培训"), DUE
    return _("已组建"), WAITING


def standard_of(found: TeamStrength, numbers: RoundNumbers) -> tuple[str, str]:
    """Whether a team is what it has to be; which of the two numbers falls short."""
    words = {"members": _("人数不足"), "certificates": _("持证率不足")}
    short = found.lacks(numbers)
    if not short:
        return _("达标"), DONE
    return _("不达标：%(what)s") % {"what": _("、").join(words[each] for each in short)}, OVERDUE


def team_row(team: FieldTeam, found: TeamStrength, numbers: RoundNumbers, names: Mapping[str, str], day: date) -> Row:
    """A team with its strength."""
    standard, tone = standard_of(found, numbers)
    stage, stage_tone = stage_of(team, day)
    return Row(
        {
            "name": team.name,
            "code": team.code,
            "area": names.get(team.area, team.area_code),
            "region": team.region,
            "stage": Cell(stage, state=stage_tone),
            "members": found.members,
            "certified": (found.certified, found.members) if found.members else None,
            "state": Cell(standard, state=tone),
        },
        url=team_url(team),
        key=team.code,
        state=tone if tone == OVERDUE else "",
    )


def member_row(member: Member, day: date) -> Row:
    """A member with the certificate."""
    row = member.row
    return Row(
        {
            "name": member.name,
            "unit": row.unit,
            "certificate": row.certificate_no or None,
            "valid_to": row.certificate_valid_to,
            "state": _certificate(member, day),
            "joined_on": row.joined_on,
        },
        key=str(row.pk),
    )


def _certificate(member: Member, day: date) -> Cell:
    last = member.row.certificate_valid_to
    if last is None:
        return Cell(_("无执法证"), state=NEUTRAL)
    if last < day:
        return Cell(_("已过期"), state=OVERDUE)
    return Cell(_("即将到期"), state=DUE) if (last - day).days <= SOON_DAYS else Cell(_("有效"), state=DONE)
