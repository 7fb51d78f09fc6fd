"""Entering weights and conversion rules."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.utils.translation import gettext as _

from shian.domains.campaign.events import ScoringEntered
from shian.domains.campaign.models import ScoringVersion, Standard
from shian.domains.campaign.rules.weights import ScoringInvalid, Spot, rules_of, weights_of
from shian.kernel.events.bus import publish
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
    return _entered(version)


@transaction.atomic
def enter_weights(
    *,
    standard: Standard,
    sections: Mapping[int, Decimal],
    effective_from: date,
    title: str,
    source: str,
    by: str,
    at: datetime,
) -> ScoringVersion:
    """Enter a city's own section weights; they go before illustrative ones from their day on.

    Inside a section they are split evenly; the conversion rules are those of the version used so far. The same entry
    again returns the existing version. Raises ScoringInvalid without points, source or rules.
    """
    if sum(sections.values()) <= 0:
        raise ScoringInvalid(_("各大项分值之和须大于 0。"))
    if not source.strip():
        raise ScoringInvalid(_("请写明分值的来源文件。"))
    former = standard.scorings.order_by("is_illustrative", "-effective_from", "-id").first()
    if former is None:
        raise ScoringInvalid(_("还没有折算办法，请先装入计分版本。"))
    said = {"sections": {number: str(sections[number]) for number in sorted(sections)}, "title": title,
            "effective_from": str(effective_from), "source": source, "rules": former.rules}  # fmt: skip
    digest = hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    if existing := standard.scorings.filter(digest=digest).first():
        return existing
    spots = [Spot(*row) for row in standard.indicators.values_list("code", "point__number", "section_number")]
    version = ScoringVersion.objects.create(
        standard=standard,
        key=f"own-{effective_from}-{digest[:8]}",
        title=title,
        total=sum(sections.values()),
        weights={code: str(weight) for code, weight in weights_of(sections, spots, {}).items()},
        rules=former.rules,
        source=source.strip(),
        is_illustrative=False,
        effective_from=effective_from,
        digest=digest,
        entered_at=at,
        entered_by=by,
    )
    return _entered(version)


def _entered(version: ScoringVersion) -> ScoringVersion:
    """Seal the version and tell it."""
    by, at = version.entered_by, version.entered_at
    seal(
        action="campaign.scoring_entered",
        by=by,
        subject=f"campaign.scoringversion:{version.pk}",
        data={
            "key": version.key,
            "standard": version.standard_id,
            "digest": version.digest,
            "illustrative": version.is_illustrative,
        },
        at=at,
    )
    publish(ScoringEntered(version.pk, version.effective_from, by, at))
    return version
