"""GS1 Digital Links that are resolved here: which identifiers are known, and where each kind of link leads.

A domain that has a page of its own for lots, things or places registers how to find it; else the plain page shows,
with what a domain has to say to everybody about the identifier, such as that its goods are called back.
"""

from collections.abc import Callable
from urllib.parse import urlencode

from shian.engine.trace.models import Identifier as Known
from shian.engine.trace.rules.identifiers import Identifier, Level, short_digest
from shian.kernel.ui.pieces import Callout

VOC = "https://ref.gs1.org/voc/"
DEFAULT, EPCIS, TRACEABILITY = "defaultLink", "epcis", "traceability"
_PARAMETERS = {Level.INSTANCE: "MATCH_anyEPC", Level.CLASS: "MATCH_anyEPCClass", Level.PLACE: "EQ_bizLocation"}
_PAGES: list[Callable[[Identifier], str]] = []
_NOTES: list[Callable[[int], Callout | None]] = []


def register_page(find: Callable[[Identifier], str]) -> None:
    """`find` answers the address of an identifier's page, "" for one it has none for. The first answer counts."""
    _PAGES.append(find)


def register_note(find: Callable[[int], Callout | None]) -> None:
    """`find` answers what everybody who scans an identifier has to know, by its number; None where there is nothing."""
    _NOTES.append(find)


def notes_of(found: Identifier) -> list[Callout]:
    """What whoever scans it has to know."""
    number = Known.objects.filter(digest=short_digest(found.uri)).values_list("pk", flat=True).first()
    return [] if number is None else [note for find in _NOTES if (note := find(number))]


def is_known(found: Identifier) -> bool:
    """Has any event or record named it?"""
    return Known.objects.filter(digest=short_digest(found.uri)).exists()


def links_of(found: Identifier, *, own: str, events: str) -> dict[str, str]:
    """Kind of link → address. `own`: of the plain page; `events`: where events are asked for."""
    page = next((address for find in _PAGES if (address := find(found))), own)
    links = {DEFAULT: page, TRACEABILITY: page}
    if found.level in _PARAMETERS:
        links[EPCIS] = f"{events}?{urlencode({_PARAMETERS[found.level]: found.uri})}"
    return links


def bare_kind(asked: str) -> str:
    """ "gs1:epcis" and "https://ref.gs1.org/voc/epcis" are both "epcis"."""
    for head in (VOC, "https://gs1.org/voc/", "https://www.gs1.org/voc/", "gs1:"):
        asked = asked.removeprefix(head)
    return asked
