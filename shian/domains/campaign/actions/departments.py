"""What a city's own table says of its units: who does the work of a department, what the bureau's sections do."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from shian.domains.campaign.models import BureauSection, Standard
from shian.domains.campaign.permissions import STANDARD_MANAGE
from shian.domains.campaign.rules.departments import lines_of, sections_of
from shian.kernel.accounts.permissions import acting
from shian.kernel.notary.actions import seal
from shian.kernel.scope.rules import key_of_code


@transaction.atomic
def load_departments(*, path: Path, standard: Standard, by: Any, at: datetime) -> int:
    """Replace the table of the city that the file names. Returns the number of lines. Raises PermissionDenied."""
    name = acting(STANDARD_MANAGE, by)
    pack = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    lines = lines_of(pack)
    standard.department_map = {**standard.department_map, key_of_code(str(pack["city"])): lines}
    standard.save(update_fields=["department_map"])
    seal(
        action="campaign.departments_mapped",
        by=name,
        subject=f"campaign.standard:{standard.pk}",
        data={"area": str(pack["city"]), "lines": len(lines)},
        at=at,
    )
    return len(lines)


@transaction.atomic
def load_bureau_sections(*, path: Path, standard: Standard, by: Any, at: datetime) -> int:
    """Take over an area's table of bureau sections from its own day on; the table of an earlier day stays.

    The same day again replaces that day's table. Returns the number of sections. Raises PermissionDenied.
    """
    name = acting(STANDARD_MANAGE, by)
    pack = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    since = date.fromisoformat(str(pack["effective_from"]))
    spot = {"area_key": key_of_code(str(pack["area"])), "effective_from": since}
    standard.bureau_sections.filter(**spot).delete()
    made = BureauSection.objects.bulk_create(
        BureauSection(standard=standard, order=order, name=section, points=points, basis=pack.get("basis", ""), **spot)
        for order, (section, points) in enumerate(sections_of(pack), 1)
    )
    seal(
        action="campaign.bureau_sections_loaded",
        by=name,
        subject=f"campaign.standard:{standard.pk}",
        data={"area": str(pack["area"]), "from": since, "sections": len(made)},
        at=at,
    )
    return len(made)
