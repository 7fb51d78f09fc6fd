"""The city's table of departments: which of its units does what the standard asks of a county's."""

from datetime import datetime
from pathlib import Path

import yaml
from django.db import transaction

from shian.domains.campaign.models import Standard
from shian.domains.campaign.rules.departments import lines_of
from shian.kernel.notary.actions import seal
from shian.kernel.scope.rules import key_of_code


@transaction.atomic
def load_departments(*, path: Path, standard: Standard, by: str, at: datetime) -> int:
    """Replace the table of the city that the file names. Returns the number of lines."""
    pack = yaml.safe_load(path.read_text(encoding="utf-8"))
    lines = lines_of(pack)
    standard.department_map = {**standard.department_map, key_of_code(str(pack["city"])): lines}
    standard.save(update_fields=["department_map"])
    seal(
        action="campaign.departments_mapped",
        by=by,
        subject=f"campaign.standard:{standard.pk}",
        data={"area": str(pack["city"]), "lines": len(lines)},
        at=at,
    )
    return len(lines)
