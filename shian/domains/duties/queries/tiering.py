"""The tier rule over a whole city in one statement; rules/tiers.py says the same of one operator, and a test compares
the two."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from shian.domains.duties.queries.standards import tier_rules_at
from shian.domains.duties.rules.tiers import LETTERS, TierRules
from shian.kernel.scope.rules import LEVELS, level_of_key

AREA_COLUMNS = tuple(level.value for level in LEVELS)
# What the rule makes of every verified operator: `ruled`. One row of `current` per operator that has a tier.
RULED = """
WITH size(industry, rank, employees, output) AS (VALUES {sizes}),
fact AS (
    SELECT o.id, o.format, c.employees, c.output, c.diners, {areas}, {industry} AS industry
    FROM operators_operator o
    JOIN duties_censusentry c ON c.operator_id = o.id AND c.valid_to IS NULL AND c.state = 'verified'
    WHERE (o.closed_on IS NULL OR o.closed_on > %(today)s) AND {inside}
),
sized AS (
    SELECT f.*, COALESCE((SELECT min(s.rank) FROM size s WHERE s.industry = f.industry
        AND COALESCE(f.employees, 0) >= s.employees AND COALESCE(f.output, 0) >= s.output), 4) AS by_size
    FROM fact f
),
ranked AS (
    SELECT z.*, GREATEST(1, z.by_size - COALESCE((%(raised)s::jsonb ->> z.format)::int, 0)) AS raised,
        CASE WHEN z.format = ANY(%(canteens)s) THEN {diners} ELSE 4 END AS by_diners
    FROM sized z
),
ruled AS (
    SELECT k.*, substr('ABCD', LEAST(k.raised, k.by_diners), 1) AS tier,
        (%(titles)s::jsonb ->> k.industry) || (%(sizes)s::jsonb ->> substr('ABCD', k.by_size, 1))
        || CASE WHEN k.employees IS NULL OR k.output IS NULL THEN '（缺从业人数或产值）' ELSE '' END
        || CASE WHEN k.raised < k.by_size THEN '，' || k.format || '上调' ELSE '' END
        || CASE WHEN k.by_diners < k.raised THEN '，就餐 ' || k.diners || ' 人' ELSE '' END AS reason
    FROM ranked k
),
current AS (
    SELECT t.* FROM duties_tier t WHERE t.state = 'confirmed' AND t.valid_to IS NULL
)
"""
CHANGES = (
    "ruled r LEFT JOIN current c ON c.operator_id = r.id "
    "WHERE c.id IS NULL OR (c.tier <> r.tier AND c.origin <> 'manual')"
)


@dataclass(frozen=True)
class TierChange:
    """What the rule would change at one operator; `old` is "" where there was none."""

    operator: int
    code: str
    name: str
    old: str
    new: str
    reason: str


@dataclass(frozen=True)
class Gap:
    """How many operators of an area go from one letter ("" for none) to another."""

    old: str
    new: str
    count: int


def ruled_sql(area_key: str, day: date) -> tuple[str, dict[str, Any]]:
    """The statement's head, which ends behind `current`, and its parameters."""
    rules = tier_rules_at(day)
    values: dict[str, Any] = {"today": day, "area": area_key}
    sql = RULED.format(
        sizes=", ".join(_sizes(rules, values)), industry=_industry(rules, values), diners=_diners(rules),
        areas=", ".join(f"o.{column}" for column in AREA_COLUMNS), inside=inside_sql("o", area_key),
    )  # fmt: skip
    titles = {key: each.title for key, each in rules.industries.items()}
    values |= {
        "raised": _json(rules.raised), "canteens": list(rules.canteens), "titles": _json(titles),
        "sizes": _json(rules.sizes), "version": rules.version,
    }  # fmt: skip
    return sql, values


def inside_sql(alias: str, area_key: str) -> str:
    """Rows inside the area %(area)s; "" is everywhere."""
    return f"{alias}.{level_of_key(area_key).value} = %(area)s" if area_key else "TRUE"


def rule_gaps(area_key: str, day: date) -> list[Gap]:
    """How many operators the rule would give another tier than they have, by the two letters. Writes nothing."""
    sql, values = ruled_sql(area_key, day)
    found = _rows(
        f"{sql} SELECT COALESCE(c.tier, ''), r.tier, count(*) FROM {CHANGES} GROUP BY 1, 2 ORDER BY 2, 1", values
    )
    return [Gap(*row) for row in found]


def rule_changes(area_key: str, day: date, limit: int) -> list[TierChange]:
    """The first of them, the largest tier first."""
    sql, values = ruled_sql(area_key, day)
    named = CHANGES.replace(" WHERE", " JOIN operators_operator o ON o.id = r.id WHERE", 1)
    found = _rows(
        f"{sql} SELECT o.id, o.code, o.name, COALESCE(c.tier, ''), r.tier, r.reason FROM {named} "
        "ORDER BY r.tier, o.code LIMIT %(limit)s",
        {**values, "limit": limit},
    )
    return [TierChange(*row) for row in found]


def _rows(sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _sizes(rules: TierRules, values: dict[str, Any]) -> Iterator[str]:
    for key, industry in rules.industries.items():
        for each in industry.thresholds:
            name = f"size_{key}_{each.letter}"
            values |= {f"{name}_e": each.employees, f"{name}_o": Decimal(each.output)}
            yield f"('{key}', {LETTERS.index(each.letter) + 1}, %({name}_e)s::bigint, %({name}_o)s::numeric)"


def _industry(rules: TierRules, values: dict[str, Any]) -> str:
    cases = []
    for number, each in enumerate(rules.industry_of):
        values |= {f"in_{number}": each.industry, f"of_{number}": list(each.values)}
        wanted = f"o.{each.column} = ANY(%(of_{number})s)" if each.column else "TRUE"
        cases.append(f"WHEN {wanted} THEN %(in_{number})s")
    return f"(CASE {' '.join(cases)} END)"


def _diners(rules: TierRules) -> str:
    cases = [f"WHEN z.diners >= {least} THEN {LETTERS.index(letter) + 1}" for letter, least in rules.diners]
    return f"(CASE {' '.join(cases)} ELSE 4 END)"


def _json(told: Any) -> str:
    return json.dumps(dict(told), ensure_ascii=False)
