"""Entering weights and conversion rules."""

import hashlib
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from shian.domains.campaign.models import ScoringVersion, Standard
from shian.domains.campaign.rules.weights import ScoringInvalid, Spot, rules_of, weights_of
from shian.kernel.notary.actions import seal


@transaction.atomic
def load_scoring(*, path: Path, standard: Standard, by: str, at: datetime) -> ScoringVersion:
    """Enter the scoring version of a pack; the same content again returns the existing one. Raises ScoringInvalid."""
    content = path.read_bytes()
    pack = yaml.safe_load(content)
    if str(pack.get("standard")) != standard.key:
        raise ScoringInvalid(f"计分版本属于细则 {pack.get('standard')}，不是 {standard.key}。")
    return enter_scoring(standard=standard, pack=pack, digest=hashlib.sha256(content).hexdigest(), by=by, at=at)


@transaction.atomic
def enter_scoring(*, standard: Standard, pack: dict[str, Any], digest: str, by: str, at: datetime) -> ScoringVersion:
    """Enter weights and rules from a mapping. Item weights under `items` go before the even split of their section."""
    key = str(pack["version"])
    existing = standard.scorings.filter(key=key).first()
    if existing is not None and existing.digest == digest:
        return existing
    rows = standard.indicators.values_list("code", "point__number", "section_number")
    spots = [Spot(*row) for row in rows]
    sections = {int(number): Decimal(str(value)) for number, value in pack["sections"].items()}
    own = {code: Decimal(str(value)) for code, value in (pack.get("items") or {}).items()}
    if existing is not None:
        key = f"{key}+{digest[:8]}"
    version = ScoringVersion.objects.create(
        standard=standard,
        key=key,
        title=pack["title"],
        total=Decimal(str(pack["total"])),
        weights={code: str(weight) for code, weight in weights_of(sections, spots, own).items()},
        rules=rules_of(pack, spots),
        confidence=pack.get("confidence", ""),
        source=pack.get("source", ""),
        is_illustrative=bool(pack.get("illustrative", True)),
        effective_from=date.fromisoformat(str(pack["effective_from"])),
        digest=digest,
        entered_at=at,
        entered_by=by,
    )
    seal(
        action="campaign.scoring_entered",
        by=by,
        subject=f"campaign.scoringversion:{version.pk}",
        data={"key": key, "standard": standard.pk, "digest": digest, "illustrative": version.is_illustrative},
        at=at,
    )
    return version
