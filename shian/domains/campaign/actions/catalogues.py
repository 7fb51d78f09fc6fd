"""Drafting, issuing, acknowledging and revising the three decomposition catalogues."""

from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.campaign.events import CatalogueIssued
from shian.domains.campaign.models import (
    Catalogue,
    CatalogueKind,
    CatalogueState,
    Duty,
    Indicator,
    Standard,
)
from shian.domains.campaign.permissions import CATALOGUE_ISSUE, DUTY_ACKNOWLEDGE
from shian.domains.campaign.queries.catalogues import bureau_sections_at, signable, unsigned
from shian.domains.campaign.queries.units import Unit, Units, units_for
from shian.domains.campaign.queries.wording import target_text
from shian.domains.campaign.rules.catalogues import (
    MARKET_BUREAU,
    Candidate,
    Share,
    area_shares,
    department_shares,
    section_shares,
    unassigned,
)
from shian.kernel.accounts.permissions import acting
from shian.kernel.events.bus import publish
from shian.kernel.notary.actions import seal
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.rules import Level, columns_of_key, key_of_code, level_of_key
from shian.kernel.ui.languages import language_of_record
from shian.registers.areas.queries import areas_valid_at

Audience = Callable[[Share], tuple[str, str, str]]  # code, name, area key


class CatalogueRefused(ValueError):
    """The catalogue cannot take this step; the text says why."""


@transaction.atomic
def draft_catalogues(
    *, standard: Standard, area: str, due_on: date, by: Any, at: datetime, from_on: date | None = None
) -> dict[str, Catalogue]:
    """Draft all three catalogues of an area anew; drafts that were not issued are replaced, issued ones are kept.

    They hold from `from_on` (left out: the day the standard came in force). The bureau's sections are those of the
    area's own table on the due day; without one the bureau takes its catalogue undivided. Raises CatalogueRefused when
    an item would fall to nobody; PermissionDenied, OutOfReach.
    """
    key = key_of_code(area)
    name = acting(CATALOGUE_ISSUE, by, key)
    indicators = list(standard.indicators.select_related("point").prefetch_related("measures"))
    items = [candidate(row) for row in indicators]
    units = units_for(standard, key, due_on)
    below = Level.COUNTY if level_of_key(key) == Level.CITY else Level.TOWNSHIP
    areas = _areas_below(key, below, due_on)
    shares = {
        CatalogueKind.COUNTY: area_shares(items, list(areas), below),
        CatalogueKind.DEPARTMENT: department_shares(items),
        CatalogueKind.SECTION: section_shares(items, bureau_sections_at(standard, key, due_on)),
    }
    if missing := unassigned(items, *shares.values()):
        raise CatalogueRefused(_("没有承担单位的评价内容：%(items)s。") % {"items": "、".join(missing)})
    audiences: dict[CatalogueKind, Audience] = {
        CatalogueKind.COUNTY: lambda share: (share.audience, areas[share.audience], share.audience),
        CatalogueKind.DEPARTMENT: lambda share: _department(units.of(share.audience, share.code), key),
        CatalogueKind.SECTION: lambda share: (share.audience, _section_name(share, units), key),
    }
    rows = {row.code: row for row in indicators}
    found = {}
    for kind, lines in shares.items():
        catalogue = open_draft(standard, kind, key, from_on or standard.in_force_from or due_on, due_on, name, at)
        _write(catalogue, lines, rows, units, audiences[kind])
        found[kind.value] = catalogue
    return found


@transaction.atomic
def issue_catalogue(*, catalogue: Catalogue, by: Any, at: datetime) -> Catalogue:
    """Issue a drafted catalogue; the issued one of the same kind becomes `revised`.

    Raises CatalogueRefused, PermissionDenied, OutOfReach.
    """
    name = acting(CATALOGUE_ISSUE, by, catalogue.area)
    locked = Catalogue.objects.select_for_update().get(pk=catalogue.pk)
    if locked.state != CatalogueState.DRAFTED:
        raise CatalogueRefused(_("只有草拟的目录可以下发。"))
    same = Catalogue.objects.filter(
        standard=locked.standard_id, kind=locked.kind, city=locked.city, county=locked.county
    )
    same.filter(state=CatalogueState.ISSUED).update(state=CatalogueState.REVISED)
    locked.state, locked.issued_at, locked.issued_by = CatalogueState.ISSUED, at, name
    locked.save(update_fields=["state", "issued_at", "issued_by"])
    seal_catalogue("campaign.catalogue_issued", locked, by=name, at=at)
    publish(CatalogueIssued(locked.pk, locked.kind, name, at))
    return locked


@transaction.atomic
def acknowledge_duties(*, catalogue: Catalogue, audiences: Collection[str], by: Any, at: datetime) -> int:
    """Counties, departments or sections confirm their duties of an issued catalogue. Returns how many were open.

    Raises CatalogueRefused; PermissionDenied, OutOfReach for an audience that the user may not sign for.
    """
    name = acting(DUTY_ACKNOWLEDGE, by)
    if catalogue.state != CatalogueState.ISSUED:
        raise CatalogueRefused(_("目录下发后才能签收。"))
    allowed = audiences if isinstance(by, str) else signable(catalogue, by, timezone.localdate(at))
    if strange := sorted(set(audiences) - set(allowed)):
        raise OutOfReach(f"campaign.catalogue:{catalogue.pk}/{'/'.join(strange)}")
    count = unsigned(catalogue, audiences).update(acknowledged_at=at, acknowledged_by=name)
    seal_catalogue("campaign.duties_acknowledged", catalogue, by=name, at=at, audiences=sorted(audiences), count=count)
    return count


def candidate(row: Indicator) -> Candidate:
    """An indicator (point and measures fetched) as the catalogues want it."""
    return Candidate(
        code=row.code,
        point=row.point.number,
        title=row.title,
        levels=frozenset(row.levels),
        leads=tuple(row.stated_leads),
        responsible=tuple(row.responsible_codes),
        targets=tuple((each.title, each.operator, each.threshold, each.unit) for each in row.measures.all()),
    )


def _areas_below(key: str, level: Level, day: date) -> dict[str, str]:
    """Key → name of the counties of a city, or the townships of a county."""
    rows = areas_valid_at(day).filter(level=level, **{level_of_key(key).value: key}).order_by("key")
    return dict(rows.values_list("key", "name"))


def _section_name(share: Share, units: Units) -> str:
    """A section is called as the table calls it; an undivided bureau by its own name."""
    return units.of(MARKET_BUREAU, share.code).name if share.audience == MARKET_BUREAU else share.audience


def _department(unit: Unit, key: str) -> tuple[str, str, str]:
    return unit.department, unit.name, key


def open_draft(
    standard: Standard, kind: CatalogueKind, key: str, from_on: date, due_on: date, by: str, at: datetime
) -> Catalogue:
    """An empty draft in the caller's transaction, the next revision of its kind; an older draft is replaced."""
    columns = columns_of_key(key)
    same = Catalogue.objects.filter(standard=standard, kind=kind, city=columns["city"], county=columns["county"])
    same.filter(state=CatalogueState.DRAFTED).delete()
    last = same.order_by("-revision").values_list("revision", flat=True).first() or 0
    catalogue = Catalogue.objects.create(
        standard=standard,
        kind=kind,
        revision=last + 1,
        from_on=from_on,
        due_on=due_on,
        drafted_at=at,
        drafted_by=by,
        **columns,
    )
    seal_catalogue("campaign.catalogue_drafted", catalogue, by=by, at=at, revision=last + 1)
    return catalogue


def _write(
    catalogue: Catalogue, lines: list[Share], rows: dict[str, Indicator], units: Units, audience: Audience
) -> None:
    duties: dict[tuple[str, str], Duty] = {}
    with language_of_record():
        targets = {code: target_text(candidate(row)) for code, row in rows.items()}
    for line in lines:
        code, name, area_key = audience(line)
        row = rows[line.code]
        duties.setdefault(
            (line.code, code),
            Duty(
                catalogue=catalogue,
                indicator=row,
                audience=code,
                audience_name=name,
                role=line.role,
                target=targets[row.code],
                lead_names=units.names(row.stated_leads, row.code),
                responsible_names=units.names(row.responsible_codes, row.code),
                due_on=catalogue.due_on,
                **columns_of_key(area_key),
            ),
        )
    Duty.objects.bulk_create(duties.values(), batch_size=2000)


def seal_catalogue(action: str, catalogue: Catalogue, *, by: str, at: datetime, **data: object) -> None:
    """Seal what was done to a catalogue."""
    subject = f"campaign.catalogue:{catalogue.pk}"
    seal(action=action, by=by, subject=subject, data={"kind": catalogue.kind, **data}, at=at)
