"""Field checks on the records of others."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shian.domains.fieldchecks.models import FieldPoint, Mode, PointState
from shian.domains.fieldchecks.permissions import VISIT_ASSIGN
from shian.domains.fieldchecks.queries.formats import format_names
from shian.domains.fieldchecks.queries.points import points_at_operator
from shian.domains.fieldchecks.queries.visits import open_checks_at
from shian.domains.fieldchecks.tables.points import OF_OPERATOR, point_rows
from shian.kernel.ui.pieces import Action, Crumb
from shian.kernel.ui.tables import Empty, Table


def operator_points_count(request: HttpRequest, operator: Any) -> int:
    """As many as the reader may see: a covert point does not show in the number either."""
    return len(points_at_operator(operator, request.user))


def operator_points_panel(request: HttpRequest, operator: Any) -> SafeString:
    """For which formats the operator is a point."""
    points, today = points_at_operator(operator, request.user), timezone.localdate()
    rows = list(point_rows(points, {}, format_names(operator.area, today)))
    checks = [
        Action(
            _("开始检查"),
            reverse("fieldchecks:field_visit_check", args=[each.pk]),
            icon="clipboard-check",
            kind="primary",
        )
        for each in open_checks_at(request.user, operator.pk)
    ]
    empty = Empty(_("不是检查点位"), _("点位在“检查点位”中登记或导入。"))
    context = {
        "actions": checks or _assigning(request, points),
        "table": Table(OF_OPERATOR, rows, empty=empty, id="points"),
    }
    return render_to_string("fieldchecks/points_panel.html", context, request)


def _assigning(request: HttpRequest, points: list[FieldPoint]) -> list[Action]:
    """For who sends checkers: to the form that sends them here."""
    live = [point for point in points if point.state != PointState.WITHDRAWN and point.mode == Mode.OVERT]
    if not live or not VISIT_ASSIGN(request.user).allowed:
        return []
    url = f"{reverse('fieldchecks:field_visit_create')}?point={live[0].code}"
    return [Action(_("安排检查"), url, icon="plus")]


def page_of_round(owner: str) -> Crumb:
    """Where a draw that was made for a round leads back to."""
    return Crumb(_("明查暗访轮次"), reverse("fieldchecks:field_round_detail", args=[int(owner.rpartition(":")[2])]))


def page_of_supervision(owner: str) -> Crumb:
    """Where a draw that was made for a special supervision leads back to."""
    url = reverse("fieldchecks:special_supervision_detail", args=[int(owner.rpartition(":")[2])])
    return Crumb(_("专项督查"), url)
