"""Reads of draws: lists, one draw, its seals, and the record that is published."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from shian.engine.draws.frames import has_results, results_of
from shian.engine.draws.models import (
    Commitment,
    Draw,
    DrawCell,
    DrawMember,
    DrawPerson,
    DrawPick,
    DrawRow,
    DrawState,
    Method,
    Reading,
    Replacement,
)
from shian.engine.draws.permissions import DRAW_READ
from shian.engine.draws.rules.inference import Inferences, inferences
from shian.engine.draws.rules.published import FORMAT, cell_json, parameters_in, teams_json
from shian.engine.draws.rules.recusal import person_in, team_rules_in
from shian.engine.draws.rules.sampling import Cell, FrameRow, Parameters, wanted_of
from shian.engine.draws.rules.teams import Pool, Teams, people_of
from shian.kernel.notary.models import Checkpoint, Entry
from shian.kernel.notary.queries import canonical_of, checkpoint_note, entries_of, head, inclusion_of
from shian.kernel.notary.rules import sealed_time
from shian.kernel.scope.models import ScopedQuerySet
from shian.kernel.scope.rules import code_of_key

# What the published record discloses of the log: who froze, read, bound, drew, confirmed and replaced, and when.
PUBLISHED = (
    "draws.frozen", "draws.read", "draws.committed", "draws.revealed", "draws.drawn", "draws.confirmed",
    "draws.replaced",
)  # fmt: skip


def subject_of(draw: Draw) -> str:
    """Under which subject everything about a draw is sealed."""
    return f"draws.draw:{draw.pk}"


def draws_of(user: Any) -> ScopedQuerySet[Draw]:
    """Draws of areas in the user's reach."""
    found: ScopedQuerySet[Draw] = Draw.objects.visible_to(user)
    return found


def draws_for_owner(user: Any, owner: str) -> ScopedQuerySet[Draw]:
    """What the user may see of the draws that an app made for one thing of its own, newest first."""
    return draws_of(user).filter(owner=owner).order_by("-pk")


def may_see_draw(user: Any, key: str) -> bool:
    """Whether the user may open the draw with this number, and so its seals."""
    return DRAW_READ(user).allowed and Draw.objects.has_visible(user, pk=key)


def draw_for(user: Any, pk: int) -> Draw:
    """One draw. Raises Http404, OutOfReach."""
    found: Draw = Draw.objects.get_visible(user, pk=pk)
    return found


def parameters_of(draw: Draw) -> Parameters:
    return parameters_in(draw.parameters)


def frame_rows(draw: Draw) -> list[FrameRow]:
    """The frame in its frozen order."""
    rows = DrawRow.objects.filter(draw=draw).values_list("key", "stratum", "grade", "area_key", "excluded")
    return sorted(FrameRow(*row) for row in rows)


def team_pool(draw: Draw) -> Pool | None:
    """Who can be drawn, and how; None where no people are drawn. The key is "" until it is fixed."""
    if not draw.team_rules:
        return None
    facts = DrawPerson.objects.filter(draw=draw).values_list("facts", flat=True)
    return Pool(people_of(map(person_in, facts)), team_rules_in(draw.team_rules), draw.as_of, draw.key)


def teams_of(draw: Draw) -> Teams:
    """Who goes to each place as things stand, by key; those that were replaced have no team any more."""
    return _teams(DrawMember.objects.filter(pick__draw=draw, pick__replaced=None))


def drawn_teams(draw: Draw) -> Teams:
    """The teams as they were drawn, before any replacement."""
    return _teams(DrawMember.objects.filter(pick__draw=draw, pick__is_reserve=False))


def _teams(members: QuerySet[DrawMember]) -> Teams:
    found: dict[str, list[str]] = {}
    for place, person in members.values_list("pick__row__key", "person__key"):
        found.setdefault(place, []).append(person)
    return {place: tuple(sorted(found[place])) for place in sorted(found)}


def expected_cells(draw: Draw) -> list[DrawCell]:
    """Not yet drawn: what each cell will bring, counted from the rows. Not saved. Raises MissingWeight."""
    parameters = parameters_of(draw)
    names = ["stratum", "grade"] if parameters.weights else ["stratum"]
    counted = (
        DrawRow.objects.filter(draw=draw)
        .values(*names)
        .annotate(population=Count("pk"), eligible=Count("pk", filter=Q(excluded="")))
        .order_by(*names)
    )
    return [_expected(each, parameters) for each in counted]


def _expected(counted: Mapping[str, Any], parameters: Parameters) -> DrawCell:
    grade, eligible = counted.get("grade", ""), counted["eligible"]
    wanted = wanted_of(counted["population"], grade, parameters)
    size = min(wanted, eligible)
    cell = DrawCell(stratum=counted["stratum"], grade=grade, population=counted["population"], eligible=eligible)
    cell.wanted, cell.drawn, cell.reserves = wanted, size, min(eligible - size, parameters.reserves_for(size))
    return cell


def drawn_cells(draw: Draw) -> list[Cell]:
    """What was drawn, as the rules have it, by stratum and grade in the order of code points."""
    taken: dict[int, tuple[list[str], list[str]]] = {}
    picks = DrawPick.objects.filter(draw=draw).order_by("cell_id", "is_reserve", "number")
    for cell, is_reserve, key in picks.values_list("cell_id", "is_reserve", "row__key"):
        taken.setdefault(cell, ([], []))[is_reserve].append(key)
    cells = [
        Cell(
            each.stratum, each.grade, each.population, each.eligible, each.wanted,
            *map(tuple, taken.get(each.pk, ((), ()))),
        )
        for each in DrawCell.objects.filter(draw=draw)
    ]  # fmt: skip
    return sorted(cells, key=lambda cell: (cell.stratum, cell.grade))


def inferences_of(draw: Draw, user: Any) -> Inferences | None:
    """What the results that the user may know tell of the whole; None before the sample stands, or without any."""
    if draw.confirmed_at is None or not has_results(draw.frame_kind):
        return None
    rows, has_grades = frame_rows(draw), bool(draw.parameters["weights"])
    return inferences(rows, results_of(draw.frame_kind, draw, user), has_grades=has_grades)


@dataclass(frozen=True)
class Picked:
    """One that is visited. `number`: its place in the order of its cell; `replaces`: whom it steps in for, or ""."""

    key: str
    label: str
    stratum: str
    grade: str
    area_key: str
    number: int
    replaces: str = ""


def draw_owned_by(owner: str) -> Draw | None:
    """The draw that counts for its owner: the newest one that was not cancelled. The caller has shown the owner."""
    return Draw.objects.filter(owner=owner).exclude(state=DrawState.CANCELLED).order_by("-pk").first()


def sample_of(draw: Draw) -> list[Picked]:
    """Who is visited as things stand, stand-ins instead of whom they replace, by stratum, grade and order drawn."""
    kept = DrawPick.objects.filter(draw=draw, replaced=None).filter(Q(is_reserve=False) | Q(replaces__isnull=False))
    kept = kept.select_related("row", "replaces__gone__row")
    return [_picked(each) for each in kept.order_by("cell__stratum", "cell__grade", "is_reserve", "number")]


def _picked(pick: DrawPick) -> Picked:
    row, came = pick.row, getattr(pick, "replaces", None)
    return Picked(
        row.key, row.label, row.stratum, row.grade, row.area_key, pick.number, came.gone.row.key if came else ""
    )


def replacements_of(draw: Draw) -> QuerySet[Replacement]:
    """In the order in which they were made."""
    rows = Replacement.objects.filter(draw=draw).select_related("draw", "gone__row", "stand_in__row")
    return rows.prefetch_related("stand_in__members__person").order_by("pk")


def last_readings(draw: Draw) -> dict[str, Reading]:
    """Reader → what they read last, in the order of their first reading."""
    return {each.by: each for each in Reading.objects.filter(draw=draw).order_by("pk")}


def commitments_of(draw: Draw) -> dict[str, Commitment]:
    """Party → its commitment."""
    return {each.party: each for each in Commitment.objects.filter(draw=draw)}


def frozen_seal(draw: Draw) -> Entry | None:
    """The seal of the frame and the parameters, with its `leaf_number`."""
    return entries_of(subject_of(draw)).filter(action="draws.frozen").first()


def is_in_the_log(entry: Entry | None) -> bool:
    """Has the entry a number under a signed checkpoint?"""
    newest = head()
    number = getattr(entry, "leaf_number", None)
    return newest is not None and number is not None and number < newest.size


def sources_told(draw: Draw) -> list[dict[str, Any]]:
    """The sources with their values, as they make the key; values are empty until the key is fixed."""
    if draw.method == Method.COMMITMENTS:
        bound = commitments_of(draw)
        secrets = {party: bound[party].secret for party in draw.parties if party in bound and draw.key}
        return [{"name": party, "kind": "text", "values": [secrets[party]] if party in secrets else []}
                for party in draw.parties]  # fmt: skip
    agreed = Reading.objects.filter(draw=draw, key=draw.key).order_by("-pk").first() if draw.key else None
    values = agreed.values if agreed else [[] for _ in draw.sources]
    return [{**source, "values": told} for source, told in zip(draw.sources, values, strict=True)]


def facts_of(draw: Draw) -> dict[str, Any]:
    """What is sealed and published of the draw itself."""
    return {
        "uid": str(draw.uid),
        "title": draw.title,
        "basis": draw.basis,
        "area": code_of_key(draw.area_key),
        "as_of": draw.as_of.isoformat(),
        "method": draw.method,
        "known_at": sealed_time(draw.known_at) if draw.known_at else "",
        "parties": draw.parties,
    }


def record_of(draw: Draw) -> dict[str, Any]:
    """The record as it is published: everything that is needed to draw again (format: rules/record.py)."""
    checkpoint = head()
    return {
        "format": FORMAT,
        "draw": {"subject": subject_of(draw), **facts_of(draw)},
        "parameters": draw.parameters,
        "randomness": {"sources": sources_told(draw), "key": draw.key},
        "cells": [cell_json(cell) for cell in drawn_cells(draw)],
        "replacements": [replacement_json(each) for each in replacements_of(draw)],
        **_people_told(draw),
        "frame": {"sha256": draw.frame_digest, "rows": [row.as_list() for row in frame_rows(draw)]},
        "seals": _seals(draw, checkpoint),
        "checkpoint": checkpoint_note(checkpoint) if checkpoint else "",
    }


def replacement_json(made: Replacement) -> dict[str, Any]:
    """A replacement as it is sealed and published, with the team of the place that steps in where there are teams."""
    told: dict[str, Any] = {"key": made.gone.row.key, "by": made.stand_in.row.key, "reason": made.reason}
    if made.draw.team_rules:
        told["team"] = sorted(member.person.key for member in made.stand_in.members.all())
    return told


def _people_told(draw: Draw) -> dict[str, Any]:
    """What the record says of people; nothing where none are drawn."""
    pool = team_pool(draw)
    if pool is None:
        return {}
    return {
        "people": {"sha256": draw.people_digest, "rows": [person.as_list() for person in pool.people]},
        "team_rules": draw.team_rules,
        "teams": teams_json(drawn_teams(draw)),
    }


def _seals(draw: Draw, checkpoint: Checkpoint | None) -> list[dict[str, Any]]:
    entries = entries_of(subject_of(draw)).filter(action__in=PUBLISHED).order_by("id")
    return [_seal(entry, checkpoint) for entry in entries]


def _seal(entry: Entry, checkpoint: Checkpoint | None) -> dict[str, Any]:
    number = getattr(entry, "leaf_number", None)
    told = {"entry": canonical_of(entry).decode(), "salt": bytes(entry.salt).hex()}
    if checkpoint is None or number is None or number >= checkpoint.size:
        return {**told, "leaf": None, "path": []}
    path = inclusion_of(number, checkpoint).path
    return {**told, "leaf": number, "path": [bytes(step).hex() for step in path]}
