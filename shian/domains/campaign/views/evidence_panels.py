"""The evidence of an item in its area, with every round side by side, as a tab of the item's page."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from shian.domains.campaign.models import EvidenceLink
from shian.domains.campaign.queries.evidence import need_of_item
from shian.domains.campaign.views.evidence import rounds_table


def item_evidence_count(request: HttpRequest, result: Any) -> int:
    need = need_of_item(request.user, result.indicator.code, result.area_key)
    return EvidenceLink.objects.filter(need=need).count() if need else 0


def item_evidence_panel(request: HttpRequest, result: Any) -> SafeString:
    """Documents and verdicts; without any, what is expected."""
    need = need_of_item(request.user, result.indicator.code, result.area_key)
    context = {
        "need": need, "table": rounds_table(need) if need else None, "expected": result.indicator.evidence,
        "code": result.indicator.code,
    }  # fmt: skip
    return render_to_string("campaign/evidence_panel.html", context, request=request)
