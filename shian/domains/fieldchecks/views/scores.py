"""The score of field checks: of the own area, format by format."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.fieldchecks.permissions import VISIT_READ
from shian.domains.fieldchecks.queries.scores import AreaScore, area_score
from shian.domains.fieldchecks.rules.verdicts import COVERT, OVERT
from shian.domains.fieldchecks.tables.visits import FORMAT_SCORES, format_row
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.formats import number_text
from shian.kernel.ui.pages import ListPage
from shian.kernel.ui.pieces import Callout, Crumb, Filter, FilterBar, Stat, picked_area
from shian.kernel.ui.tables import Empty, Table
from shian.registers.areas.queries import home_key
from shian.registers.areas.tables import area_picker, in_reach


@requires(VISIT_READ)
def score_detail(request: HttpRequest) -> HttpResponse:
    """Every format with its points, the two ways of checking, and both together by their weights."""
    today = timezone.localdate()
    area = in_reach(request.user, picked_area(request.GET.getlist("area"))) or home_key(request.user, today)
    round_no = request.GET.get("round", "")[:40]
    found = area_score(request.user, area, today, round_no)
    rows = [
        format_row(
            each, found.names.get((each.mode, each.format), each.format),
            found.weights.get((each.mode, each.format), 1), is_passed=each.is_passed(found.rules),
        )
        for each in found.formats
    ]  # fmt: skip
    page = ListPage(
        _("现场检查得分"), Table(FORMAT_SCORES, rows, empty=Empty(_("还没有计入得分的检查"))), unit=_("类业态"),
        summary=_("每个点位取最近一次检查；没有公布的暗访不计。"),
        crumbs=[Crumb(_("明查暗访"), reverse("fieldchecks:field_visit_list"))],
        filters=FilterBar([Filter("round", _("轮次"), "text", value=round_no)],
                          area_picker(request.user, area, today)),
    )  # fmt: skip
    return render(request, "ui/page_overview.html", {"list": page, "stats": _stats(found), "notes": [_note(found)]})


def _stats(found: AreaScore) -> list[Stat]:
    figure = reverse("figures:figure_detail", args=["field_visits.passed_rate"])
    visited, passed = sum(each.visited for each in found.formats), sum(each.passed for each in found.formats)
    weights = {mode: number_text(100 * weight) for mode, weight in found.rules.weights.items()}
    return [
        Stat(_("现场得分"), found.total, unit=_("分"), note=_("明查、暗访按权重合计")),
        Stat(_("明查"), found.modes[OVERT], unit=_("分"), note=_("权重 %(share)s%%") % {"share": weights[OVERT]}),
        Stat(_("暗访"), found.modes[COVERT], unit=_("分"), note=_("权重 %(share)s%%") % {"share": weights[COVERT]}),
        Stat(_("合格点位"), passed, unit=_("个"), part=passed, whole=visited, url=figure),
    ]


def _note(found: AreaScore) -> Callout:
    told = {
        "share": number_text(100 * found.rules.passed_share), "mean": number_text(found.rules.mean),
        "basis": found.rules.basis,
    }  # fmt: skip
    return Callout(_("业态达标：合格点位不少于 %(share)s%%，平均分不低于 %(mean)s。依据：%(basis)s。") % told)
