"""Entering weights and conversion rules: dated, for one area or for all that have none of their own."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from shian.domains.campaign.events import ScoringEntered
from shian.domains.campaign.models import ScoringVersion, Standard
from shian.domains.campaign.permissions import STANDARD_MANAGE, WEIGHTS_ENTER
from shian.domains.campaign.queries.inputs import scorings_for
from shian.domains.campaign.rules.problems import Problem
from shian.domains.campaign.rules.weights import ScoringInvalid, Spot, rules_of, weights_of
from shian.kernel.accounts.permissions import acting
from shian.kernel.events.bus import publish
from shian.kernel.notary.actions import seal
from shian.kernel.scope.rules import code_of_key, key_of_code

NO_OWN: Mapping[str, Decimal] = {}


@transaction.atomic
def load_scoring(*, path: Path, standard: Standard, by: Any, at: datetime) -> ScoringVersion:
    """Enter the scoring version of a pack; the same content again returns the existing one.

    The pack's `area` says whose weights they are; without it they hold for every area that has none of its own.
    Raises ScoringInvalid, PermissionDenied.
    """
    content = path.read_bytes()
    pack = yaml.load(content, Loader=yaml.CSafeLoader)
    if str(pack.get("standard")) != standard.key:
        facts = {"named": pack.get("standard"), "standard": standard.key}
        raise ScoringInvalid([Problem("weights.other_standard", facts)])
    return enter_scoring(standard=standard, pack=pack, digest=hashlib.sha256(content).hexdigest(), by=by, at=at)


@transaction.atomic
def enter_scoring(*, standard: Standard, pack: Mapping[str, Any], digest: str, by: Any, at: datetime) -> ScoringVersion:
    """Enter weights and rules from a mapping. Item weights under `items` go before the even split of their section.

    Raises ScoringInvalid, PermissionDenied.
    """
    name = acting(STANDARD_MANAGE, by)
    area_key = key_of_code(str(pack["area"])) if pack.get("area") else ""
    key = str(pack["version"])
    existing = standard.scorings.filter(area_key=area_key, key=key).first()
    if existing is not None and existing.digest == digest:
        return existing
    if existing is not None:
        key = f"{key}+{digest[:8]}"
    ends = pack.get("effective_to")
    version = ScoringVersion(
        standard=standard,
        area_key=area_key,
        key=key,
        title=pack["title"],
        total=Decimal(str(pack["total"])),
        rules=rules_of(pack, _spots(standard)),
        confidence=pack.get("confidence", ""),
        source=pack.get("source", ""),
        is_illustrative=bool(pack.get("illustrative", True)),
        effective_from=date.fromisoformat(str(pack["effective_from"])),
        effective_to=date.fromisoformat(str(ends)) if ends else None,
        digest=digest,
        entered_at=at,
        entered_by=name,
    )
    sections = {int(number): Decimal(str(value)) for number, value in pack["sections"].items()}
    own = {code: Decimal(str(value)) for code, value in (pack.get("items") or {}).items()}
    return _entered(version, sections, own)


@transaction.atomic
def enter_weights(
    *,
    standard: Standard,
    area: str,
    sections: Mapping[int, Decimal],
    effective_from: date,
    title: str,
    source: str,
    by: Any,
    at: datetime,
    own: Mapping[str, Decimal] = NO_OWN,
) -> ScoringVersion:
    """Enter an area's own weights; from their day on they go before the illustrative ones, for this area alone.

    `own` are points of single items; the rest of a section is split evenly over its other items. The conversion rules
    are those that the area used so far. The same entry again returns the existing version. Raises ScoringInvalid
    without points, source or rules; PermissionDenied, OutOfReach.
    """
    area_key = key_of_code(area)
    name = acting(WEIGHTS_ENTER, by, area_key)
    former = scorings_for(standard, area_key).first()
    given = {
        "weights.nothing": sum(sections.values()) > 0,
        "weights.no_source": bool(source.strip()),
        "weights.no_rules": former is not None,
    }
    if lacking := [Problem(code) for code, is_given in given.items() if not is_given]:
        raise ScoringInvalid(lacking)
    assert former is not None
    said = {"area": area_key, "sections": _texts(sections), "own": _texts(own), "title": title,
            "effective_from": str(effective_from), "source": source, "rules": former.rules}  # fmt: skip
    digest = hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    if existing := standard.scorings.filter(area_key=area_key, digest=digest).first():
        return existing
    version = ScoringVersion(
        standard=standard,
        area_key=area_key,
        key=f"own-{effective_from}-{digest[:8]}",
        title=title,
        total=sum(sections.values()),
        rules=former.rules,
        source=source.strip(),
        is_illustrative=False,
        effective_from=effective_from,
        digest=digest,
        entered_at=at,
        entered_by=name,
    )
    return _entered(version, sections, own)


def _spots(standard: Standard) -> list[Spot]:
    return [Spot(*row) for row in standard.indicators.values_list("code", "point__number", "section_number")]


def _texts(points: Mapping[Any, Decimal]) -> dict[str, str]:
    return {str(key): str(points[key]) for key in sorted(points)}


def _entered(version: ScoringVersion, sections: Mapping[int, Decimal], own: Mapping[str, Decimal]) -> ScoringVersion:
    """Store the version with the weight of every item, seal it and tell it."""
    version.sections, version.own_weights = _texts(sections), _texts(own)
    version.weights = _texts(weights_of(sections, _spots(version.standard), own))
    version.save()
    by, at = version.entered_by, version.entered_at
    seal(
        action="campaign.scoring_entered",
        by=by,
        subject=f"campaign.scoringversion:{version.pk}",
        data={
            "key": version.key,
            "standard": version.standard_id,
            "area": code_of_key(version.area_key) if version.area_key else "",
            "digest": version.digest,
            "illustrative": version.is_illustrative,
        },
        at=at,
    )
    publish(ScoringEntered(version.pk, version.area_key, version.effective_from, by, at))
    return version
