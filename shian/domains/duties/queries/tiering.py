"""The tier rule over a whole city in one statement; rules/tiers.py says the same of one operator, and a test compares
the two."""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

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
