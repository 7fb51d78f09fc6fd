"""Commendation and accountability: its kinds, and how an entry says what caused it (A-18)."""

from dataclasses import dataclass

PRAISE = ("通报表扬", "表彰奖励", "媒体推荐")
BLAME = ("通报批评", "约谈", "问责")
KINDS = (*PRAISE, *BLAME)
SCORE, APPRAISAL, CASE, ITEM = "score", "appraisal", "case", "item"
SOURCES = (SCORE, APPRAISAL, CASE, ITEM)


@dataclass(frozen=True)
class CauseKey:
    """What caused an entry, by what people know it by: score period/unit, appraisal year/unit, case type/number, item
    code/area code."""

    source: str
    first: str
    second: str

    def __str__(self) -> str:
        return f"{self.source}:{self.first}/{self.second}"


def read_cause(text: str) -> CauseKey | None:
    """The cause that a text names; None for one that is none."""
    source, colon, rest = text.partition(":")
    first, slash, second = rest.partition("/")
    return CauseKey(source, first, second) if source in SOURCES and colon and first and slash and second else None
