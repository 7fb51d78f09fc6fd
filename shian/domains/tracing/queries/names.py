"""What the graph's numbers are called: parties and lots, for as many as a page or a sheet holds."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shian.domains.tracing.models import (
    Certificate,
    ColdBatch,
    InOrder,
    KitchenSheet,
    Market,
    Merchant,
    Producer,
)
from shian.domains.tracing.rules.naming import CERTIFICATE, COLD, COOKING, LOT, SHEET
from shian.engine.trace.models import Identifier, Party
from shian.engine.trace.rules.identifiers import readable
from shian.kernel.scope.walls import system_scope
from shian.registers.operators.models import Operator


@dataclass(frozen=True)
class PartyName:
    """`code`: of the operator that the party is, "" for one without a file here."""

    name: str
    code: str = ""
    address: str = ""
    phone: str = ""


@dataclass(frozen=True)
class LotName:
    """`uri`: as events name it; `number`: of the in-order, certificate, batch or dish that it began with."""

    name: str
    number: str
    uri: str
    origin: str = ""


def party_names(parties: Collection[int]) -> dict[int, PartyName]:
    """Party → its name. Stalls and farms are named whoever asks: callers show rows of their own reach, or of a chain
    that leads there."""
    rows = dict(Party.objects.filter(pk__in=parties).values_list("pk", "operator_id"))
    operators = Operator.objects.defer("search").in_bulk({each for each in rows.values() if each})
    with system_scope():
        stalls = {
            each.party: PartyName(f"{each.name}（{each.market.name}{each.booth}）", phone=each.phone)
            for each in Merchant.objects.filter(party__in=parties).select_related("market")
        }
        farms = {
            each.party: PartyName(each.name, address=each.address, phone=each.phone)
            for each in Producer.objects.filter(party__in=parties)
        }
    found = farms | stalls
    for each in Market.objects.filter(walk_in__in=parties):
        found[each.walk_in] = PartyName(_("散客（%(market)s）") % {"market": each.name})
    for party, key in rows.items():
        if key in operators:
            operator = operators[key]
            label = stalls[party].name if party in stalls else operator.name
            found[party] = PartyName(label, operator.code, operator.address, operator.phone)
    unnamed = dict(Party.objects.filter(pk__in=set(rows) - set(found)).values_list("identifier", "pk"))
    for pk, uri in Identifier.objects.filter(pk__in=unnamed).values_list("pk", "uri"):
        found[unnamed[pk]] = PartyName(uri)
    return {party: name for party, name in found.items() if party is not None}


# What begins with each of our own URIs: model, its number, and what the goods and their origin are called there.
_LOTS: tuple[tuple[str, Any, str, str, str], ...] = (
    (LOT, InOrder, "number", "variety__name", "origin"),
    (CERTIFICATE, Certificate, "number", "variety__name", "origin"),
    (COLD, ColdBatch, "code", "name", "country"),
    (SHEET, KitchenSheet, "number", "dish", "operator__name"),
    (COOKING, KitchenSheet, "number", "dish", "operator__name"),
)


def lot_names(lots: Iterable[int]) -> dict[int, LotName]:
    """Lot → what it is called: by the in-order, certificate, imported batch or dish that it began with, else by its
    URI."""
    uris = dict(Identifier.objects.filter(pk__in=set(lots)).values_list("pk", "uri"))
    named: dict[str, LotName] = {}
    with system_scope():
        for head, model, key, name, origin in _LOTS:
            numbers = {uri.removeprefix(head) for uri in uris.values() if uri.startswith(head)}
            rows = model.objects.filter(**{f"{key}__in": numbers}).values_list(key, name, origin) if numbers else ()
            named |= {head + number: LotName(title, number, head + number, where) for number, title, where in rows}
    nameless = pgettext("lot", "批次")
    return {lot: named.get(uri) or LotName(nameless, _tail(uri) or readable(uri), uri) for lot, uri in uris.items()}


def _tail(uri: str) -> str:
    """The number behind one of our own prefixes."""
    return next((uri.removeprefix(each[0]) for each in _LOTS if uri.startswith(each[0])), "")
