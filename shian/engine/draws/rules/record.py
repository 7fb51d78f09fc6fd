"""The published record of a draw, one JSON object, and how it is checked again by whoever has it. Pure functions.

    format        "shian-draw/1"
    draw          subject, and as sealed: uid, title, basis, area, as_of, method, known_at ("" for none), parties
    frame         rows [[key, stratum, grade, area, excluded], …]; sha256 (rules.sampling.frame_digest)
    parameters    rules.sampling.Parameters
    randomness    sources [{name, kind, values}], key
    cells         [{stratum, grade, population, eligible, wanted, drawn, reserves}]
    replacements  [{key, by, reason}] in their order; with people also team, of the place that steps in
    people        only where people are drawn: rows (rules.recusal.Person.as_list), sha256 (rules.teams.people_digest)
    team_rules    with people: rules.recusal.TeamRules
    teams         with people: [[place, [person, …]], …] as they were drawn
    seals         [{entry, salt, leaf, path}] by leaf; entry is the canonical text that was sealed
    checkpoint    the signed note whose root the paths lead to; "" before the first

`leaf` is null while an entry waits for its number. The note's signature is a matter of `tools/verify_log.py`: here it
only names the root.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from shian.engine.draws.rules.published import (
    FORMAT,
    Record,
    cell_json,
    digest_of,
    frame_in,
    key_digest,
    parameters_in,
    source_in,
    teams_json,
)
from shian.engine.draws.rules.randomness import BadSource, key_of
from shian.engine.draws.rules.recusal import Place, person_in, team_rules_in
from shian.engine.draws.rules.sampling import (
    BadFrame,
    BadParameter,
    Cell,
    NoReserve,
    NotDrawn,
    Replacement,
    draw,
    frame_digest,
    next_reserve,
)
from shian.engine.draws.rules.teams import NoTeam, Pool, draw_teams, people_digest, people_of, stand_in_team
from shian.kernel.notary.tree import ProofFailed, verify_inclusion

FACTS = ("uid", "title", "basis", "area", "as_of", "method", "known_at", "parties")


class Part(StrEnum):
    """What is checked, in this order."""

    FORM = "form"
    FRAME = "frame"
    SEALS = "seals"
    ORDER = "order"
    RANDOMNESS = "randomness"
    SAMPLE = "sample"
    REPLACEMENTS = "replacements"
    TEAMS = "teams"


@dataclass(frozen=True)
class Finding:
    """A part that was checked. `holds` None: not there yet. Otherwise the first difference: where, and both sides."""

    part: Part
    holds: bool | None
    place: str = ""
    recorded: str = ""
    computed: str = ""

    def __str__(self) -> str:
        if self.holds:
            return f"{self.part}: holds"
        if self.holds is None:
            return f"{self.part}: not there yet ({self.place})"
        return f"{self.part}: {self.place}: recorded {self.recorded}, computed {self.computed}"


class Differs(Exception):
    """The first difference of a part."""

    def __init__(self, place: str, recorded: object, computed: object) -> None:
        super().__init__(place)
        self.place, self.recorded, self.computed = place, str(recorded), str(computed)


class NotYet(Exception):
    """The part cannot be checked before something else has happened; the message says what."""


def verify_record(record: Record) -> list[Finding]:
    """Every part, checked again from the record alone; teams where people are drawn. Never raises for what a file may
    hold."""
    left = set() if "people" in record else {Part.TEAMS}
    return [_checked(part, check, record) for part, check in CHECKS.items() if part not in left]


def first_difference(findings: Sequence[Finding]) -> Finding | None:
    """The first part that does not hold."""
    return next((each for each in findings if each.holds is False), None)


def _checked(part: Part, check: Callable[[Record], None], record: Record) -> Finding:
    try:
        check(record)
    except Differs as found:
        return Finding(part, False, found.place, found.recorded, found.computed)
    except NotYet as reason:
        return Finding(part, None, str(reason))
    except (KeyError, TypeError, ValueError, AttributeError, LookupError) as error:
        return Finding(part, False, "unreadable", type(error).__name__, str(error)[:120])
    return Finding(part, True)


def _same(place: str, recorded: object, computed: object) -> None:
    if recorded != computed:
        raise Differs(place, recorded, computed)


def _check_form(record: Record) -> None:
    _same("format", record["format"], FORMAT)
    parameters_in(record["parameters"])
    for name in ("draw", "frame", "randomness", "cells", "replacements", "seals", "checkpoint"):
        if name not in record:
            raise Differs(name, "-", FORMAT)


def _check_frame(record: Record) -> None:
    try:
        computed = frame_digest(frame_in(record))
    except BadFrame as twice:
        raise Differs(str(twice), "2", "1") from None
    _same("sha256", record["frame"]["sha256"], computed)
    frozen = _entries(record, "draws.frozen")
    if not frozen:
        raise NotYet("draws.frozen")
    _same("draws.frozen", len(frozen), 1)
    told = frozen[0][1]["data"]
    _same("seal", told["frame"], f"sha256:{computed}")
    _same("rows", told["rows"], len(record["frame"]["rows"]))
    _same("parameters", told["parameters"], record["parameters"])
    for name in FACTS:
        _same(name, told[name], record["draw"][name])
    _check_people(record, told)
    if record["draw"]["method"] == "public":
        _same("sources", told["sources"], [_announced(each) for each in record["randomness"]["sources"]])


def _check_people(record: Record, told: Mapping[str, Any]) -> None:
    """People and their rules as they were sealed; a record that leaves them out differs too."""
    sealed = [told.get("people"), told.get("team_rules")]
    if "people" not in record:
        _same("people", sealed, [None, None])
        return
    computed = people_digest(people_of(map(person_in, record["people"]["rows"])))
    _same("people", record["people"]["sha256"], computed)
    _same("people", sealed, [f"sha256:{computed}", record["team_rules"]])


def _announced(source: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": source["name"], "kind": source["kind"]}


def _entries(record: Record, action: str) -> list[tuple[int | None, dict[str, Any]]]:
    """(leaf, content) of the seals of an action, in the order of the record."""
    told = [(seal["leaf"], json.loads(seal["entry"])) for seal in record["seals"]]
    return [(leaf, content) for leaf, content in told if content["action"] == action]


def _check_seals(record: Record) -> None:
    if not record["checkpoint"] or any(seal["leaf"] is None for seal in record["seals"]):
        raise NotYet("checkpoint")
    _origin, size, root = record["checkpoint"].split("\n")[:3]
    for seal in record["seals"]:
        content = json.loads(seal["entry"])
        _same("subject", content["subject"], record["draw"]["subject"])
        data = hashlib.sha256(bytes.fromhex(seal["salt"]) + seal["entry"].encode()).digest()
        path = [bytes.fromhex(step) for step in seal["path"]]
        try:
            verify_inclusion(data, seal["leaf"], int(size), path, base64.b64decode(root))
        except ProofFailed as failure:
            raise Differs(content["action"], seal["leaf"], failure) from None


def _check_order(record: Record) -> None:
    """The frame was sealed before the randomness existed; every commitment before any secret."""
    if any(seal["leaf"] is None for seal in record["seals"]):
        raise NotYet("checkpoint")
    frozen, read, committed, revealed, drawn = (
        _entries(record, f"draws.{name}") for name in ("frozen", "read", "committed", "revealed", "drawn")
    )
    _before(frozen, [*read, *committed])
    _before(committed, revealed)
    _before([*read, *revealed], drawn)
    known = record["draw"]["known_at"]
    for _leaf, content in frozen if known else ():
        if content["at"] >= known:
            raise Differs("known_at", content["at"], known)
    for _leaf, content in read if known else ():
        if content["at"] < known:
            raise Differs("known_at", known, content["at"])


def _before(
    first: Sequence[tuple[int | None, dict[str, Any]]], then: Sequence[tuple[int | None, dict[str, Any]]]
) -> None:
    for (early, one), (late, other) in ((one, other) for one in first for other in then):
        if early is None or late is None or early >= late or one["at"] > other["at"]:
            raise Differs(f"{one['action']} < {other['action']}", early, late)


def _check_randomness(record: Record) -> None:
    if not record["randomness"]["key"]:
        raise NotYet("key")
    sources = record["randomness"]["sources"]
    try:
        key = key_of(map(source_in, sources))
    except BadSource as bad:
        raise Differs("sources", str(bad), "RFC 3797") from None
    _same("key", record["randomness"]["key"], key)
    if record["draw"]["method"] == "public":
        read = [content for _leaf, content in _entries(record, "draws.read")]
        agreeing = {each["actor"] for each in read if each["data"]["read"] == f"sha256:{key_digest(key)}"}
        _same("readers", min(2, len(agreeing)), 2)
        return
    shown = [(party, _told_by(record, "draws.revealed", party)["secret"]) for party in record["draw"]["parties"]]
    _same("sources", sources, [{"name": party, "kind": "text", "values": [secret]} for party, secret in shown])
    for party, secret in shown:
        bound = _told_by(record, "draws.committed", party)["commitment"]
        _same(party, bound, f"sha256:{hashlib.sha256(secret.encode()).hexdigest()}")


def _told_by(record: Record, action: str, party: str) -> dict[str, Any]:
    """The data that this party sealed. Raises Differs when it sealed none."""
    for _leaf, content in _entries(record, action):
        if content["actor"] == party:
            data: dict[str, Any] = content["data"]
            return data
    raise Differs(party, "-", action)


def _check_sample(record: Record) -> None:
    if not record["cells"]:
        raise NotYet("draws.drawn")
    try:
        drawn = draw(frame_in(record), parameters_in(record["parameters"]), record["randomness"]["key"])
    except (BadParameter, BadFrame) as bad:
        raise Differs(type(bad).__name__, str(bad), "-") from None
    for place, recorded, computed in _cell_pairs(record["cells"], [cell_json(cell) for cell in drawn]):
        _same(place, recorded, computed)
    sealed = [content["data"]["cells"] for _leaf, content in _entries(record, "draws.drawn")]
    _same("seal", sealed, [f"sha256:{digest_of(record['cells'])}"])


def _cell_pairs(
    recorded: Sequence[Mapping[str, Any]], computed: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[str, object, object]]:
    """Everything two lists of cells say, side by side, as (place, recorded, computed)."""
    for told, found in zip(recorded, computed, strict=False):
        place = f"{found['stratum']} {found['grade']}".strip()
        yield place, f"{told['stratum']} {told['grade']}".strip(), place
        for name in ("population", "eligible", "wanted"):
            yield f"{place} {name}", told[name], found[name]
        for name in ("drawn", "reserves"):
            for number, (one, other) in enumerate(zip(told[name], found[name], strict=False), start=1):
                yield f"{place} {name} {number}", one, other
            yield f"{place} {name}", len(told[name]), len(found[name])
    yield "cells", len(recorded), len(computed)


def _check_replacements(record: Record) -> None:
    cells = [
        Cell(
            each["stratum"], each["grade"], each["population"], each["eligible"], each["wanted"],
            tuple(each["drawn"]), tuple(each["reserves"]),
        )
        for each in record["cells"]
    ]  # fmt: skip
    before: list[Replacement] = []
    for told in record["replacements"]:
        try:
            _same(told["key"], told["by"], next_reserve(cells, before, told["key"]))
        except (NotDrawn, NoReserve) as bad:
            raise Differs(told["key"], told["by"], type(bad).__name__) from None
        before.append(Replacement(told["key"], told["by"], told["reason"]))
    sealed = [content["data"] for _leaf, content in _entries(record, "draws.replaced")]
    _same("seal", [dict(each) for each in record["replacements"]], sealed)


def _check_teams(record: Record) -> None:
    """The teams drawn again, then those of the places that stepped in, one by one."""
    if not record["cells"]:
        raise NotYet("draws.drawn")
    people, day = people_of(map(person_in, record["people"]["rows"])), date.fromisoformat(record["draw"]["as_of"])
    pool = Pool(people, team_rules_in(record["team_rules"]), day, record["randomness"]["key"])
    places = {row.key: Place(row.key, row.area) for row in frame_in(record)}
    try:
        teams = draw_teams(pool, [places[key] for cell in record["cells"] for key in cell["drawn"]])
        for place, told in zip(teams_json(teams), record["teams"], strict=True):
            _same(place[0], told, place)
        sealed = [content["data"].get("teams") for _leaf, content in _entries(record, "draws.drawn")]
        _same("seal", sealed, [f"sha256:{digest_of(record['teams'])}"])
        for made in record["replacements"]:
            team = stand_in_team(pool, places[made["by"]], made["key"], teams)
            _same(made["by"], made["team"], list(team))
            del teams[made["key"]]
            teams[made["by"]] = team
    except NoTeam as short:
        raise Differs(short.place, "-", short.missing) from None


CHECKS: dict[Part, Callable[[Record], None]] = {
    Part.FORM: _check_form,
    Part.FRAME: _check_frame,
    Part.SEALS: _check_seals,
    Part.ORDER: _check_order,
    Part.RANDOMNESS: _check_randomness,
    Part.SAMPLE: _check_sample,
    Part.REPLACEMENTS: _check_replacements,
    Part.TEAMS: _check_teams,
}
