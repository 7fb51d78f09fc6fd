"""The verbs of draws for the command line. No database is needed."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shian.config.problems import Problem
from shian.engine.draws.rules.record import Finding, first_difference, verify_record


@dataclass(frozen=True)
class Verdict:
    """What drawing again found, part by part."""

    findings: list[Finding]

    @property
    def holds(self) -> bool:
        """Does everything hold, with nothing still to come?"""
        return all(each.holds for each in self.findings)

    @property
    def lines(self) -> list[str]:
        """Each part, then the verdict with the first difference."""
        marks = {True: "✓", False: "✗", None: "…"}
        told = [f"{marks[each.holds]} {each}" for each in self.findings]
        bad = first_difference(self.findings)
        if bad is not None:
            return [*told, f"NOT verified. First difference: {bad}"]
        return [*told, "Verified." if self.holds else "Not finished: what is there holds."]

    def as_json(self) -> dict[str, Any]:
        return {"holds": self.holds, "parts": [{**vars(each), "part": str(each.part)} for each in self.findings]}


def verify(file: Path) -> Verdict:
    """Check a record again. Raises Problem for a file that holds none."""
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, OSError):
        record = None
    if not isinstance(record, dict):
        raise Problem(f"{file} is no record of a draw; it is one JSON object.")
    return Verdict(verify_record(record))
