"""What an event means for the graph: who held what, and what moved from whom to whom.

- A thing with a giver and a taker moves between their holdings; whoever receives tells of it as well as whoever sends.
- A batch of work is a holding of its own: what goes in leads to it, what comes out leads from it. So a batch that is
  told in several events is one, and n inputs with m outputs are n + m movements.
- What is packed leads to its box, and the box moves. What is taken out comes from where it was packed in, never from
  the box: lots that shared a box do not become each other's origin. `Unpacking` leaves that search to the merge.
"""

from collections.abc import Iterator
from enum import IntEnum
from typing import NamedTuple

from shian.engine.trace.rules.events import Item, NormalEvent, Role, Side

RECEIVING = {"receiving", "accepting", "arriving", "storing", "stocking", "unloading"}
Place = tuple[str, str]  # a lot and who holds it, as URIs


class MoveKind(IntEnum):
    """models.MovementKind, told without a database."""

    SENT = 1
    RECEIVED = 2
    USED = 3
    MADE = 4
    PACKED = 5
    UNPACKED = 6


class Move(NamedTuple):
    source: Place
    target: Place
    kind: MoveKind
    quantity: float | None = None
    uom: str = ""


class Unpacking(NamedTuple):
    """Taken out of a box. `lot` "": everything that was packed into it."""

    box: str
    lot: str
    holder: str
    quantity: float | None = None
    uom: str = ""


class Birth(NamedTuple):
    """A lot comes to be in somebody's hands, or is seen there. `made`: how much, where the event makes it."""

    place: Place
    made: float | None = None
    uom: str = ""


class Told(NamedTuple):
    """`holder`: who the event is about; `work`: the batch of work that it tells of, "" for another event."""

    holder: str
    births: tuple[Birth, ...] = ()
    moves: tuple[Move, ...] = ()
    unpacked: tuple[Unpacking, ...] = ()
    work: str = ""


def told_by(event: NormalEvent, sender: str) -> Told:
    """What the event means. `sender`: the party of whoever sent it, for an event that names nobody."""
    giver, taker = _hands(event)
    if giver == taker:
        giver = ""
    receives = event.biz_step in RECEIVING
    first, second = (taker, giver) if receives else (giver, taker)
    holder = first or second or event.biz_location or event.read_point or sender
    if event.kind == "TransformationEvent":
        work = event.transformation or event.event_id
        return Told(holder, moves=tuple(_worked(event, (work, holder))), work=work)
    if event.kind in {"AggregationEvent", "AssociationEvent"}:
        return _packed(event, holder)
    if event.action == "DELETE":
        return Told(holder)
    if giver and taker:
        kind = MoveKind.RECEIVED if receives else MoveKind.SENT
        moves = (Move((each.uri, giver), (each.uri, taker), kind, each.quantity, each.uom) for each in _things(event))
        return Told(holder, moves=tuple(moves))
    made = event.action == "ADD" and event.kind == "ObjectEvent"
    births = (
        Birth((each.uri, holder), each.quantity if made else None, each.uom if made else "") for each in _things(event)
    )
    return Told(holder, births=tuple(births))


def _hands(event: NormalEvent) -> tuple[str, str]:
    """Who gives and who takes: who has it in hand, else who owns it."""
    told = {(side, kind): uri for side, kind, uri in event.parties}
    if not told:
        return "", ""
    giver, taker = (
        told.get((side, "possessing_party")) or told.get((side, "owning_party"), "")
        for side in (Side.SOURCE, Side.DESTINATION)
    )
    return giver, taker


def _things(event: NormalEvent) -> Iterator[Item]:
    """What moves: a list's members, or the box that they are in."""
    yield from (each for each in event.items if each.role is Role.EPC)
    yield from (each for each in event.items if each.role is Role.PARENT)


def _worked(event: NormalEvent, work: Place) -> Iterator[Move]:
    holder = work[1]
    for each in event.items:
        if each.role is Role.INPUT:
            yield Move((each.uri, holder), work, MoveKind.USED, each.quantity, each.uom)
        elif each.role is Role.OUTPUT:
            yield Move(work, (each.uri, holder), MoveKind.MADE, each.quantity, each.uom)


def _packed(event: NormalEvent, holder: str) -> Told:
    box = next((each.uri for each in event.items if each.role is Role.PARENT), "")
    children = [each for each in event.items if each.role is Role.CHILD]
    if not box or event.kind == "AssociationEvent" or event.action == "OBSERVE":
        return Told(holder, births=tuple(Birth((each.uri, holder)) for each in children))
    if event.action == "ADD":
        moves = (Move((each.uri, holder), (box, holder), MoveKind.PACKED, each.quantity, each.uom) for each in children)
        return Told(holder, moves=tuple(moves))
    out = (Unpacking(box, each.uri, holder, each.quantity, each.uom) for each in children)
    return Told(holder, unpacked=tuple(out) if children else (Unpacking(box, "", holder),))
