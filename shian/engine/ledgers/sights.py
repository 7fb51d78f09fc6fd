"""What the pages of ledgers share: the declared ledger of an address, the way back, the rows that the filters leave."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from shian.engine.ledgers.declarations import Ledger, ledger
from shian.engine.ledgers.filters import LedgerFilter
from shian.engine.ledgers.models import LedgerRow
from shian.engine.ledgers.queries import filtered_rows
from shian.kernel.scope.models import ScopedQuerySet
from shian.kernel.ui.pieces import Crumb


def declared_or_404(key: str) -> Ledger:
    """The ledger with this key. Raises Http404."""
    try:
        return ledger(key)
    except LookupError:
        raise Http404(key) from None


def crumbs(*more: Crumb) -> list[Crumb]:
    """From the index of ledgers to here."""
    return [Crumb(_("台账目录"), reverse("ledgers:ledger_list")), *more]


def chosen_rows(declared: Ledger, chosen: LedgerFilter, user: Any) -> ScopedQuerySet[LedgerRow]:
    """The visible rows that the filters leave."""
    return filtered_rows(
        declared,
        user,
        area=chosen.area,
        words=dict(chosen.words),
        year=chosen.year,
        text=chosen.text,
        as_of=chosen.as_of,
        state=chosen.state,
    )
