"""What a record holds, read and written: rows, parameters, sources, cells, teams, and their digests."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from shian.engine.draws.rules.randomness import Source, SourceKind
from shian.engine.draws.rules.sampling import Cell, FrameRow, Parameters, Rounding, frame_of

Record = Mapping[str, Any]
FORMAT = "shian-draw/1"


def frame_in(record: Record) -> list[FrameRow]:
    """The frame of a record. Raises BadFrame, TypeError."""
    return frame_of(FrameRow(*row) for row in record["frame"]["rows"])


def parameters_in(told: Mapping[str, Any]) -> Parameters:
    """Parameters from their JSON. Raises BadParameter, ValueError, KeyError."""
    return Parameters(
        told["ratio"], Rounding(told["rounding"]), told["minimum"], told["reserves"], dict(told["weights"])
    )


def source_in(told: Mapping[str, Any]) -> Source:
    return Source(told["name"], SourceKind(told["kind"]), tuple(told["values"]))


def cell_json(cell: Cell) -> dict[str, Any]:
    """A cell as it is published."""
    return {
        "stratum": cell.stratum,
        "grade": cell.grade,
        "population": cell.population,
        "eligible": cell.eligible,
        "wanted": cell.wanted,
        "drawn": list(cell.drawn),
        "reserves": list(cell.reserves),
    }


def teams_json(teams: Mapping[str, Sequence[str]]) -> list[list[Any]]:
    """Teams as they are published: [place, people], by key."""
    return [[place, sorted(teams[place])] for place in sorted(teams)]


def digest_of(told: object) -> str:
    """SHA-256 over what is published as one line of JSON with sorted names."""
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def key_digest(key: str) -> str:
    """What a reading seals of the key, so that the second reader cannot copy it from the log."""
    return hashlib.sha256(key.encode()).hexdigest()
