"""The score of field checks in an area: by format, by mode, together."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from shian.domains.fieldchecks.models import FieldVisit
from shian.domains.fieldchecks.models.visits import COUNTED, PASSED
from shian.domains.fieldchecks.queries.formats import formats_at
from shian.domains.fieldchecks.queries.standards import rules_at
from shian.domains.fieldchecks.rules.verdicts import (
    COVERT,
    OVERT,
    FieldRules,
    FormatScore,
    PointScore,
    by_format,
    field_score,
    mode_score,
)
from shian.kernel.scope.rules import Level, level_of_key


@dataclass(frozen=True)
class AreaScore:
    """formats: each with its points; modes: the score of open and of covert checks, None where there was none."""

    rules: FieldRules
    formats: list[FormatScore]
    weights: Mapping[tuple[str, str], Decimal]
    names: Mapping[tuple[str, str], str]
    modes: Mapping[str, Decimal | None]
    total: Decimal | None


def area_score(user: Any, area: str, day: date, round_no: str = "") -> AreaScore:
    """The score of an area from the visits that the user sees: the newest of each point and mode, up to the day; of one
    round where it is named. Covert visits that nobody has released are in no score. Two statements."""
    rows = FieldVisit.objects.visible_to(user).open_to_all().filter(state__in=COUNTED, visited_on__lte=day)
    if area:
        rows = rows.filter(**{Level(level_of_key(area)).value: area})
    if round_no:
        rows = rows.filter(round_no=round_no)
    newest = rows.order_by("point", "mode", "-visited_on", "-pk").distinct("point", "mode")
    points = [
        PointScore(mode, code, percent, verdict in PASSED)
        for mode, code, percent, verdict in newest.values_list("mode", "format", "percent", "verdict")
        if percent is not None
    ]
    formats, rules, known = by_format(points), rules_at(day), formats_at(area, day) if len(area) > 2 else []
    weights = {(each.mode.value, each.code): each.weight for each in known}
    modes = {mode: mode_score([each for each in formats if each.mode == mode], weights) for mode in (OVERT, COVERT)}
    names = {(each.mode.value, each.code): each.name for each in known}
    return AreaScore(rules, formats, weights, names, modes, field_score(modes, rules))
