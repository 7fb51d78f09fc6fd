"""Filing evidence: a document under one or more items, and newer versions of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.campaign.models import (
    Evidence,
    EvidenceLink,
    EvidenceNeed,
    EvidenceVersion,
    NeedState,
    RoundItem,
)
from shian.domains.campaign.permissions import EVIDENCE_FILE
from shian.domains.campaign.queries.evidence import may_file_for
from shian.domains.campaign.queries.standards import standard_in_force
from shian.domains.campaign.queries.units import units_for
from shian.domains.campaign.rules.evidence import standing_of
from shian.kernel.accounts.permissions import acting
from shian.kernel.files.models import StoredFile
from shian.kernel.notary.actions import seal
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.rules import code_of_key, columns_of_key, level_of_key
from shian.registers.people.models import Organisation


class EvidenceRefused(ValueError):
    """The document cannot be taken so; the text says why. `field` names the culprit, "" for the whole."""

    def __init__(self, text: str, field: str = "") -> None:
        super().__init__(text)
        self.field = field


@dataclass(frozen=True)
class Facts:
    """What a document says of itself. Dates: issued; the period that it covers; its last day of validity."""

    title: str
    issued_on: date
    doc_no: str = ""
    period_from: date | None = None
    period_to: date | None = None
    expires_on: date | None = None


@dataclass(frozen=True)
class Content:
    """A stored file and the name under which it was given."""

    stored: StoredFile
    name: str


@transaction.atomic
def file_evidence(
    *, unit: Organisation, area_key: str, items: Sequence[str], facts: Facts, content: Content, by: Any, at: datetime
) -> Evidence:
    """A new document under these items of the area. Raises EvidenceRefused, PermissionDenied, OutOfReach."""
    name = acting(EVIDENCE_FILE, by)
    if not isinstance(by, str) and not may_file_for(by, unit):
        raise OutOfReach(f"people.organisation:{unit.code}")
    _refuse(facts, items, timezone.localdate(at))
    told = {key: getattr(facts, key) for key in Facts.__dataclass_fields__}
    found = Evidence.objects.create(**columns_of_key(area_key), **told, unit=unit, filed_at=at, filed_by=name)
    _add_version(found, content, "", name, at)
    today = timezone.localdate(at)
    needs = [need_for(code, area_key, today) for code in dict.fromkeys(items)]
    EvidenceLink.objects.bulk_create(EvidenceLink(evidence=found, need=need) for need in needs)
    for need in needs:
        settle_need(need, today)
    seal_filed(found, items, content, name, at)
    return found


@transaction.atomic
def add_version(*, evidence: Evidence, content: Content, note: str, by: Any, at: datetime) -> EvidenceVersion:
    """A newer content of the document: it is filed again under every item, and reviewed again.

    What was accepted before stays accepted as it was. Raises EvidenceRefused, PermissionDenied, OutOfReach.
    """
    name = acting(EVIDENCE_FILE, by)
    locked = Evidence.objects.select_for_update(of=("self",)).select_related("unit").get(pk=evidence.pk)
    if not isinstance(by, str) and not may_file_for(by, locked.unit):
        raise OutOfReach(f"campaign.evidence:{locked.pk}")
    if EvidenceVersion.objects.filter(evidence=locked, stored=content.stored).exists():
        raise EvidenceRefused(_("这个文件的内容与已有版本相同，没有新版本。"), "file")
    if not note.strip():
        raise EvidenceRefused(_("请写明修改了什么。"), "note")
    locked.version += 1
    locked.save(update_fields=["version"])
    version = _add_version(locked, content, note.strip(), name, at)
    EvidenceLink.objects.filter(evidence=locked).update(state=NeedState.FILED)
    for link in EvidenceLink.objects.filter(evidence=locked).select_related("need"):
        settle_need(link.need, timezone.localdate(at))
    seal_renewed(locked, note.strip(), content, name, at)
    return version


def need_for(item_code: str, area_key: str, day: date) -> EvidenceNeed:
    """What is owed for the item in the area; made where a unit files before any round asked for it.

    Raises EvidenceRefused for an item that the standard in force does not ask of this level.
    """
    spot = columns_of_key(area_key)
    found = EvidenceNeed.objects.filter(item_code=item_code, **spot).first()
    if found is not None:
        return found
    standard = standard_in_force()
    indicator = standard.indicators.filter(code=item_code).first() if standard else None
    if standard is None or indicator is None:
        raise EvidenceRefused(_("现行评价细则没有 %(code)s。") % {"code": item_code}, "items")
    if level_of_key(area_key).value not in indicator.levels:
        raise EvidenceRefused(_("%(code)s 不适用于这一级。") % {"code": item_code}, "items")
    owners = owners_of_items([(item_code, list(indicator.lead_codes))], area_key, day)
    return EvidenceNeed.objects.create(item_code=item_code, unit_id=owners[item_code], since=day, **spot)


def owners_of_items(items: Sequence[tuple[str, list[str]]], area_key: str, day: date) -> dict[str, str | None]:
    """Item → code of the unit that owes its evidence in the area: the lead department, else the campaign office."""
    standard = standard_in_force()
    assert standard is not None
    units = units_for(standard, area_key, day)
    office = units.of("TOWN" if level_of_key(area_key).value == "township" else "CAMPO").code or None
    return {
        code: next((found for lead in leads if (found := units.of(lead, code).code)), office) for code, leads in items
    }


def settle_need(need: EvidenceNeed, today: date) -> None:
    """The item's state from its documents, and the outcome in the open round that lists it."""
    stand_by(need, list(EvidenceLink.objects.filter(need=need).values_list("state", flat=True)), today)
    need.save(update_fields=["state", "filed_on", "passed_on"])
    RoundItem.objects.filter(need=need, round__closed_at__isnull=True).update(outcome=need.state)


def stand_by(need: EvidenceNeed, states: Sequence[str], today: date) -> None:
    """In memory: where the item stands with documents in these states."""
    need.state = NeedState(standing_of(states))
    need.filed_on = need.filed_on or (today if states else None)
    need.passed_on = (need.passed_on or today) if need.state == NeedState.PASSED else None


def _add_version(evidence: Evidence, content: Content, note: str, by: str, at: datetime) -> EvidenceVersion:
    return EvidenceVersion.objects.create(
        evidence=evidence, number=evidence.version, stored=content.stored, name=content.name, note=note,
        uploaded_at=at, uploaded_by=by,
    )  # fmt: skip


def _refuse(facts: Facts, items: Sequence[str], today: date) -> None:
    if not items:
        raise EvidenceRefused(_("请至少选择一项评价内容。"), "items")
    if facts.issued_on > today:
        raise EvidenceRefused(_("印发日期在今天以后。"), "issued_on")
    if (facts.period_from is None) != (facts.period_to is None):
        raise EvidenceRefused(_("覆盖期间的起止日期要么都填，要么都不填。"), "period_to")
    if facts.period_from and facts.period_to and facts.period_to < facts.period_from:
        raise EvidenceRefused(_("覆盖期间的止期早于起期。"), "period_to")
    if facts.expires_on and facts.expires_on < facts.issued_on:
        raise EvidenceRefused(_("有效期早于印发日期。"), "expires_on")


def seal_filed(evidence: Evidence, items: Sequence[str], content: Content, by: str, at: datetime) -> None:
    """The new document, as it was given under these items."""
    told = {key: getattr(evidence, key) for key in Facts.__dataclass_fields__}
    said = {key: None if value is None else str(value) for key, value in told.items()}
    area = code_of_key(evidence.area)
    _seal("campaign.evidence_filed", evidence, content, by, at, items=list(items), area=area, **said)


def seal_renewed(evidence: Evidence, note: str, content: Content, by: str, at: datetime) -> None:
    """The newest version of the document, with what was changed."""
    _seal("campaign.evidence_renewed", evidence, content, by, at, version=evidence.version, note=note)


def _seal(action: str, evidence: Evidence, content: Content, by: str, at: datetime, **said: Any) -> None:
    data = {"unit": evidence.unit_id, "sha256": content.stored.sha256, "name": content.name, **said}
    seal(action=action, by=by, subject=f"campaign.evidence:{evidence.pk}", data=data, at=at)
