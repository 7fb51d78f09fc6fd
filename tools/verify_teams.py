#!/usr/bin/env python3
"""Draw the teams of a published record again: python3 verify_teams.py RECORD.json, after verify_draw.py says it holds.

Only the standard library (Python >= 3.11), nothing of Shian; how teams are drawn stands in docs/draws.md.
Exit 0: all holds, or no people are drawn. 1: the first difference.
"""

import hashlib
import json
import math
import sys
from collections import deque
from fractions import Fraction
from pathlib import Path
from typing import Any

# fmt: off
Team = dict[str, None]
encoded = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
def require(place: str, recorded: Any, computed: Any) -> None:
    if recorded != computed:
        sys.exit(f"{place}: recorded {recorded}, computed {computed}")

def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()

def shuffled(pool: list[str], key: str, name: str) -> list[str]:
    own, taken = f"{key}{sha256(name).upper()}/", list[str]()
    for number in range(len(pool)):
        run, turn = divmod(number, 65_536)
        octets, chained = turn.to_bytes(2, "big"), f"{own}{run}./" if run else own
        digest = hashlib.md5(octets + chained.encode() + octets, usedforsecurity=False).digest()
        taken.append(pool.pop(int.from_bytes(digest, "big") % len(pool)))
    return taken

class Drawing:
    def __init__(self, record: dict[str, Any]) -> None:
        self.rules, self.key, day = record["team_rules"], record["randomness"]["key"], record["draw"]["as_of"]
        self.areas = {row[0]: row[3] for row in record["frame"]["rows"]}
        rows, rules = record["people"]["rows"], self.rules
        self.certified = {row[0] for row in rows if row[4] >= day}
        self.people = [row for row in sorted(rows) if not rules["speciality"] or rules["speciality"] in row[2]]
        self.people = [row for row in self.people if not rules["needs_assessment"] or row[3] >= day]
        self.open_seats: int = rules["size"] - math.ceil(rules["size"] * Fraction(rules["certified"]))
        limits = {row[0]: [one for one in (row[7], rules["limit"] or None) if one is not None] for row in self.people}
        self.limits = {person: min(own, default=len(self.areas)) for person, own in limits.items()}

    def asked(self, place: str) -> list[str]:
        width, area = self.rules["own_width"], self.areas[place]
        return shuffled([row[0] for row in self.people if place not in row[5]
                         and not (self.rules["avoids_last"] and place in row[6])
                         and not (width and len(row[1][:width]) == width and row[1][:width] == area[:width])],
                        self.key, f"team\n\n{place}")

    def is_open(self, team: list[str]) -> bool:
        return sum(person not in self.certified for person in team) < self.open_seats

    def teams(self, places: list[str]) -> dict[str, list[str]]:
        self.on, self.at = {place: Team() for place in places}, {row[0]: Team() for row in self.people}
        self.load = math.ceil(Fraction(len(places) * self.rules["size"], len(self.people)))
        self.lists = {place: self.asked(place) for place in places}
        for place in shuffled(sorted(places), self.key, "teams\n\n"):
            while len(self.on[place]) < self.rules["size"]:
                if not self.joined(place):
                    self.load += 1
                    require(place, "a team", "a team" if self.load <= len(self.areas) else "none")
        return {place: sorted(team) for place, team in self.on.items()}

    def joined(self, place: str) -> bool:
        queue, seen, walked = deque[tuple[str, str, Any]]([(place, "", None)]), set[str](), dict[str, bool]()
        while queue:
            spot, leaving, chain = queue.popleft()
            is_open = self.is_open([person for person in self.on[spot] if person != leaving])
            if spot in walked and (walked[spot] or not is_open):
                continue
            walked[spot] = is_open
            for person in sorted(self.lists[spot], key=lambda one: len(self.at[one])):
                if person in seen or person in self.on[spot] or not (is_open or person in self.certified):
                    continue
                seen.add(person)
                found: Any = (spot, person, chain)
                if len(self.at[person]) < min(self.load, self.limits[person]):
                    while found:
                        spot, person, found = found
                        self.on[spot][person] = self.at[person][spot] = None
                        if found:
                            del self.on[spot][found[1]], self.at[found[1]][spot]
                    return True
                queue.extend((other, person, found) for other in self.at[person])
        return False

    def stand_in(self, place: str, gone: str, teams: dict[str, list[str]]) -> list[str]:
        asked, others = self.asked(place), [one for key, team in teams.items() if key != gone for one in team]
        team = [one for one in teams[gone] if one in asked]
        while len(team) < self.rules["size"]:
            free = [one for one in asked if one not in team and others.count(one) < self.limits[one]
                    and (one in self.certified or self.is_open(team))]
            team.append(min(free, key=others.count))
        return sorted(team)

def verify(record: dict[str, Any]) -> str:
    by: dict[str, Any] = {(entry := json.loads(one["entry"]))["action"]: entry["data"] for one in record["seals"]}
    sealed, teams = [by["draws.frozen"].get(name) for name in ("people", "team_rules")], record.get("teams", [])
    people = sorted(record.get("people", {}).get("rows", []))
    digest = sha256("".join(f"{encoded(row)}\n" for row in people))
    require("people", [f"sha256:{digest}", record.get("team_rules")] if people else [None, None], sealed)
    require("sealed teams", f"sha256:{sha256(encoded(teams))}" if people else None, by["draws.drawn"].get("teams"))
    if not people:
        return "No people are drawn."
    drawing, places = Drawing(record), [place for cell in record["cells"] for place in cell["drawn"]]
    found = drawing.teams(places)
    require("teams", teams, [[place, found[place]] for place in sorted(found)])
    for made in record["replacements"]:
        require(f"team of {made['by']}", made["team"], drawing.stand_in(made["by"], made["key"], found))
        del found[made["key"]]
        found[made["by"]] = made["team"]
    return f"Verified: {len(teams)} teams of {len(people)} people, {len(record['replacements'])} replacements."

if __name__ == "__main__":
    try:
        print(verify(json.loads(Path(sys.argv[1]).read_text("utf-8"))) if len(sys.argv) == 2 else sys.exit(__doc__))
    except (LookupError, TypeError, ValueError, OSError) as error:
        sys.exit(f"cannot be verified: {type(error).__name__} {error}")
