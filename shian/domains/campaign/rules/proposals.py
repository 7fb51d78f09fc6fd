"""Pure rules of proposals: how a reply is graded, and when the public may read it."""

import re
from collections.abc import Mapping

GRADES = ("A 已解决或采纳", "B 列入计划解决", "C 因条件所限尚难解决", "D 留作参考")
YES = "是"
CONSENT = (YES, "否")
ANSWERED = ("replied", "closed")


def is_public(state: str, consent: str) -> bool:
    """Only a reply that went out, and whose parties agreed to its publication."""
    return state in ANSWERED and consent == YES


PLACE = re.compile(r"\{([a-z][a-z0-9_]*\.[a-z0-9_]+)\}")


def figures_in(template: str) -> list[str]:
    """The measures that a text names as {measure}, each once, in order of appearance."""
    return list(dict.fromkeys(PLACE.findall(template)))


def with_figures(template: str, told: Mapping[str, str]) -> str:
    """The text as it reads: each {measure} by its figure. Raises KeyError for one that is not told."""
    return PLACE.sub(lambda found: told[found[1]], template)
