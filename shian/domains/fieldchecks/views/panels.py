"""Field checks on the records of others."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shian.domains.fieldchecks.queries.formats import format_names
from shian.domains.fieldchecks.queries.points import points_at_operator
from shian.domains.fieldchecks.tables.points import OF_OPERATOR, point_rows
from shian.kernel.ui.pieces import Crumb
from shian.kernel.ui.tables import Empty, Table


def operator_points_count(request: HttpRequest, operator: Any) -> int:
    """As many as the reader may see: a covert point does not show in the number either."""
    return len(points_at_operator(operator, request.user))


def operator_points_panel(request: HttpRequest, operator: Any) -> SafeString:
    """For which formats the operator is a point."""
    points, today = points_at_operator(operator, request.user), timezone.localdate()
    rows = list(point_rows(points, {}, format_names(operator.area, today)))
    empty = Empty(_("不是检查点位"), _("点位在“检查点位”中登记或导入。"))
    return render_to_string("ui/components/table.html", {"table": Table(OF_OPERATOR, rows, empty=empty, id="points")})


def page_of_round(owner: str) -> Crumb:
    """Where a draw that was made for a round leads back to."""
    return Crumb(_("明查暗访轮次"), reverse("fieldchecks:field_round_detail", args=[int(owner.rpartition(":")[2])]))


def page_of_supervision(owner: str) -> Crumb:
    """Where a draw that was made for a special supervision leads back to."""
    url = reverse("fieldchecks:special_supervision_detail", args=[int(owner.rpartition(":")[2])])
    return Crumb(_("专项督查"), url)
