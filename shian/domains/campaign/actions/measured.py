"""Entering the measured value of an item: it goes into its ledger, and the items that read it are scored anew."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from shian.domains.campaign.actions.evaluation import rescore_inside
from shian.domains.campaign.models import Evaluation, Indicator, ItemResult
from shian.domains.campaign.permissions import MEASURED_ENTER
from shian.domains.campaign.queries.measured import entry_of, readers_of
from shian.engine.ledgers.actions import RowRefused, enter_row
from shian.kernel.accounts.permissions import acting
from shian.kernel.scope.rules import code_of_key, key_of_code, level_of_key


@transaction.atomic
def enter_measured(
    *, evaluation: Evaluation, code: str, area: str, values: Mapping[str, str], by: Any, at: datetime
) -> ItemResult:
    """Enter a row of the ledger that the item reads, and rescore every item of the area that reads this ledger.

    `values` are the texts of the row without what follows from item and area. Raises PermissionDenied, OutOfReach;
    RowRefused for a row that the ledger refuses, or that is dated after the evaluation and would not count; LookupError
    for an item without external results.
    """
    key = key_of_code(area)
    name = acting(MEASURED_ENTER, by, key)
    indicator = Indicator.objects.prefetch_related("measures").get(standard=evaluation.standard_id, code=code)
    entry = entry_of(indicator, level_of_key(key).value)
    if entry is None:
        raise LookupError(_("本项没有外部测评或抽检结果可录入。"))
    day = date.fromisoformat(values[entry.dated_by])
    if day > evaluation.as_of:
        text = _("%(day)s 晚于评价截止日期 %(as_of)s，不会计入本次评价。") % {"day": day, "as_of": evaluation.as_of}
        raise RowRefused([(str(entry.ledger.titles[entry.dated_by]), text)])
    row = {**values, **entry.settled, entry.ledger.area: code_of_key(key)}
    batch = enter_row(ledger=entry.ledger, values=row, by=by, at=at)
    said = {"measure": entry.measure.key, "row": row, "batch": batch.pk}
    for other in readers_of(evaluation.standard_id, entry.ledger):
        rescore_inside(
            evaluation, other, key, by=name, at=at, is_figures_read=True,
            action="campaign.measured_entered" if other == code else "campaign.item_rescored",
            said=said if other == code else {},
        )  # fmt: skip
    return ItemResult.objects.select_related("indicator").get(evaluation=evaluation, area_key=key, indicator__code=code)
