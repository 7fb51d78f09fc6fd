"""Joint checks and pairs as rows."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.fieldchecks.models import JointCheck, JointProblem, JointState
from shian.domains.fieldchecks.queries.joint import Compared
from shian.kernel.ui.states import DONE, DUE, WAITING
from shian.kernel.ui.tables import Cell, Column, Row

TONES = {JointState.PLANNED: WAITING, JointState.HELD: DUE, JointState.ASSIGNED: DONE}
JOINT = (
    Column("title", gettext_lazy("联合检查"), is_fixed=True, is_wide=True),
    Column("state", gettext_lazy("状态")),
    Column("held_on", gettext_lazy("日期"), kind="date", sort="held_on"),
    Column("area", gettext_lazy("区划")),
    Column("departments", gettext_lazy("参加部门"), is_wide=True),
)
PROBLEMS = (
    Column("text", gettext_lazy("问题"), is_fixed=True, is_wide=True),
    Column("department", gettext_lazy("整改部门")),
    Column("due_on", gettext_lazy("整改期限"), kind="date"),
)
PAIRS = (
    Column("checked", gettext_lazy("被查区划"), is_fixed=True),
    Column("team", gettext_lazy("检查队伍"), is_wide=True),
    Column("own", gettext_lazy("队伍来自")),
    Column("own_score", gettext_lazy("自查平均分"), kind="number", decimals=1),
    Column("foreign_score", gettext_lazy("互查平均分"), kind="number", decimals=1),
    Column("gap", gettext_lazy("相差"), kind="number", decimals=1),
)


def joint_url(joint: JointCheck) -> str:
    return reverse("fieldchecks:joint_check_detail", args=[joint.pk])


def joint_row(joint: JointCheck, names: Mapping[str, str]) -> Row:
    """A joint check with all its departments on one line: the lead first."""
    state = JointState(joint.state)
    others = [str(each) for each in joint.departments.all() if each.code != joint.lead_id]
    return Row(
        {
            "title": joint.title,
            "state": Cell(state.label, state=TONES[state]),
            "held_on": joint.held_on,
            "area": names.get(joint.area, joint.area_code),
            "departments": _("、").join([str(joint.lead), *others]),
        },
        url=joint_url(joint),
        key=str(joint.pk),
    )


def problem_row(problem: JointProblem) -> Row:
    """Something found, and who puts it right."""
    unit = str(problem.department) if problem.department else Cell(_("待交办"), state=WAITING)
    return Row({"text": problem.text, "department": unit, "due_on": problem.due_on}, key=str(problem.pk))


def pair_row(found: Compared, names: Mapping[str, str]) -> Row:
    """Who checks whom, and how the foreign scores differ from the own ones."""
    pair = found.pair
    return Row(
        {
            "checked": names.get(pair.checked_key, pair.checked_key),
            "team": pair.team.name,
            "own": names.get(pair.own_key, pair.own_key),
            "own_score": found.own,
            "foreign_score": found.foreign,
            "gap": found.gap,
        },
        key=pair.checked_key,
    )
