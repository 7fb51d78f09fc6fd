"""Freezing: the one thing that is ever written about a figure."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import override

from shian.engine.measures.declarations import measure
from shian.engine.measures.models import FrozenFigure
from shian.engine.measures.permissions import FIGURE_FREEZE
from shian.engine.measures.queries import Figure, figure, refuse_out_of_reach
from shian.kernel.accounts.permissions import check
from shian.kernel.notary.actions import seal
from shian.kernel.scope.rules import key_of_code


@transaction.atomic
def freeze_figure(
    *,
    key: str,
    area: str,
    as_of: date,
    document: str,
    by: Any,
    at: datetime,
    period: str | None = None,
    printed: Figure | None = None,
) -> FrozenFigure:
    """Keep the figure beside the document that prints it; the same document keeps its first freezing.

    `printed` is the figure as it stands in the document; without it, what the registers answer now is kept.
    Raises PermissionDenied, OutOfReach, LookupError, PeriodInvalid.
    """
    check(FIGURE_FREEZE, by)
    area_key = key_of_code(area)
    refuse_out_of_reach(key, area_key, by)
    found = printed or figure(key, area=area_key, as_of=as_of, period=period)
    with override(settings.LANGUAGE_CODE):
        unit = str(found.unit)
    row, created = FrozenFigure.objects.get_or_create(
        document=document,
        measure=key,
        area=area_key,
        as_of=as_of,
        period=period or "",
        defaults={
            "value": _fitting(found.value),
            "part": _fitting(found.part),
            "whole": _fitting(found.whole),
            "decimals": found.decimals,
            "unit": unit,
            "reason": found.reason,
            "definition": measure(key).digest,
            "frozen_at": at,
            "frozen_by": by.get_username(),
        },
    )
    if created:
        seal(
            action="figure.frozen",
            by=by.get_username(),
            subject=f"measures.figure:{key}/{area_key}",
            data={
                "document": document,
                "as_of": as_of,
                "period": period or "",
                "value": row.value,
                "definition": row.definition,
            },
            at=at,
        )
    return row


def _fitting(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(Decimal("1e-8"))
