"""Tabs that the campaign adds to records: cases about an item or an operator, and what a case of its own came to."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.campaign.views.interviews import facts_panel
from shian.domains.campaign.views.receptions import reception_panel
from shian.domains.campaign.views.replies import reply_count, reply_panel
from shian.domains.campaign.views.selfchecks import reports_count, reports_panel
from shian.domains.campaign.views.supervision import findings_count, round_findings_panel, visit_findings_panel
from shian.engine.cases.models import CaseQuerySet
from shian.engine.cases.queries import RELATED, cases_about
from shian.engine.cases.tables import CASES, case_row
from shian.kernel.scope.rules import Level, level_of_key
from shian.kernel.ui.tables import Empty, Table
from shian.registers.areas.queries import area_names

SHOWN = 100


def item_cases_count(request: HttpRequest, result: Any) -> int:
    return _of_item(request.user, result).filter(is_open=True).count()


def item_cases_panel(request: HttpRequest, result: Any) -> SafeString:
    """Tasks, cards and problems of the item in its area, open ones first."""
    return _panel(_of_item(request.user, result), _("这项评价内容没有任务、督办卡和问题"))


def operator_cases_count(request: HttpRequest, operator: Any) -> int:
    return _of_operator(request.user, operator).filter(is_open=True).count()


def operator_cases_panel(request: HttpRequest, operator: Any) -> SafeString:
    """Everything that is or was to be done about the operator."""
    return _panel(_of_operator(request.user, operator), _("这个主体没有问题和交办事项"))


def _of_item(user: Any, result: Any) -> CaseQuerySet:
    area = {Level(level_of_key(result.area_key)).value: result.area_key}
    return cases_about(user, item_code=result.indicator.code, **area)


def _of_operator(user: Any, operator: Any) -> CaseQuerySet:
    return cases_about(user, operator_code=operator.code)


def _panel(rows: CaseQuerySet, nothing: str) -> SafeString:
    today = timezone.localdate()
    areas = area_names(today)
    shown = rows.select_related(*RELATED).order_by("-is_open", "due_on", "-pk")[:SHOWN]
    table = Table(CASES, [case_row(each, today, areas) for each in shown], empty=Empty(nothing), id="cases")
    return render_to_string("ui/components/table.html", {"table": table})


PANELS = (
    ("item", "cases", gettext_lazy("任务和问题"), 30, item_cases_count, item_cases_panel),
    ("operator", "cases", gettext_lazy("闭环事项"), 20, operator_cases_count, operator_cases_panel),
    ("case.visit", "findings", gettext_lazy("发现的问题"), 10, findings_count, visit_findings_panel),
    ("case.inspection", "findings", gettext_lazy("督查情况"), 10, findings_count, round_findings_panel),
    ("case.reception", "findings", gettext_lazy("反馈和通报"), 10, findings_count, reception_panel),
    ("case.interview", "facts", gettext_lazy("访谈要点"), 10, None, facts_panel),
    ("case.self_check", "reports", gettext_lazy("各单位报告"), 10, reports_count, reports_panel),
    ("case.proposal", "reply", gettext_lazy("答复"), 10, reply_count, reply_panel),
)
