"""The city's table of departments: which of its units does what the standard asks of a county's."""

from datetime import datetime
from pathlib import Path

import yaml
from django.db import transaction

from shian.domains.campaign.models import DepartmentMapping, Standard
from shian.kernel.notary.actions import seal
from shian.kernel.scope.rules import key_of_code


@transaction.atomic
def load_departments(*, path: Path, standard: Standard, by: str, at: datetime) -> int:
    """Replace the table of the city that the file names. Returns the number of lines."""
    pack = yaml.safe_load(path.read_text(encoding="utf-8"))
    area_key = key_of_code(str(pack["city"]))
    standard.mappings.filter(area_key=area_key).delete()
    rows = DepartmentMapping.objects.bulk_create(
        DepartmentMapping(
            standard=standard,
            area_key=area_key,
            order=order,
            department=line["department"],
            points=line.get("points", []),
            items=line.get("items", []),
            organisation=line["organisation"],
            basis=line.get("basis", ""),
        )
        for order, line in enumerate([*pack.get("map", []), *pack.get("groups", [])])
        if line.get("organisation")
    )
    seal(
        action="campaign.departments_mapped",
        by=by,
        subject=f"campaign.standard:{standard.pk}",
        data={"area": str(pack["city"]), "lines": len(rows)},
        at=at,
    )
    return len(rows)
