"""Taking over a published plan of tasks as the department catalogue of an area."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import yaml
from django.db import transaction
from django.utils import timezone

from shian.domains.campaign.actions.catalogues import open_draft, seal_catalogue
from shian.domains.campaign.models import Catalogue, CatalogueKind, Duty, Standard
from shian.domains.campaign.permissions import CATALOGUE_ISSUE
from shian.domains.campaign.queries.units import Units, department_names, units_for
from shian.domains.campaign.rules.plans import (
    Clause,
    PlanInvalid,
    clauses_in,
    plan_shares,
    without_lead,
    without_responsible,
)
from shian.domains.campaign.rules.problems import Problem
from shian.kernel.accounts.permissions import acting
from shian.kernel.scope.rules import columns_of_key, key_of_code


@dataclass(frozen=True)
class LoadedPlan:
    """The draft, and what the plan leaves open."""

    catalogue: Catalogue
    clauses: list[Clause]

    @property
    def without_lead(self) -> list[Clause]:
        return without_lead(self.clauses)

    @property
    def without_responsible(self) -> list[Clause]:
        return without_responsible(self.clauses)


@transaction.atomic
def load_plan(*, content: bytes, standard: Standard, area: str, due_on: date, by: Any, at: datetime) -> LoadedPlan:
    """Draft the department catalogue of the area from the plan's YAML; a draft not yet issued is replaced.

    What the plan leaves open stays open: a clause without lead gives its items no lead.
    Raises PlanInvalid, PermissionDenied, OutOfReach.
    """
    key = key_of_code(area)
    name = acting(CATALOGUE_ISSUE, by, key)
    try:
        plan = yaml.load(content, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise PlanInvalid([Problem("file.yaml", {"error": str(error).splitlines()[0]})]) from error
    rows = {row.code: row for row in standard.indicators.all()}
    clauses = clauses_in(plan, standard.key, rows, department_names(standard.pk))
    catalogue = open_draft(standard, CatalogueKind.DEPARTMENT, key, timezone.localdate(at), due_on, name, at)
    units = units_for(standard, key, due_on)
    Duty.objects.bulk_create(
        Duty(
            catalogue=catalogue,
            indicator=rows[share.code],
            audience=units.of(share.audience, share.code).department,
            audience_name=units.of(share.audience, share.code).name,
            role=share.role,
            target="；".join(clause.title for clause in clauses if share.code in clause.items),
            lead_names=_names(units, clauses, share.code, "lead"),
            responsible_names=_names(units, clauses, share.code, "responsible"),
            due_on=due_on,
            **columns_of_key(key),
        )
        for share in plan_shares(clauses)
    )
    loaded = LoadedPlan(catalogue, clauses)
    seal_catalogue(
        "campaign.plan_loaded", catalogue, by=name, at=at, clauses=len(clauses),
        digest=hashlib.sha256(content).hexdigest(), without_lead=[each.title for each in loaded.without_lead],
    )  # fmt: skip
    return loaded


def _names(units: Units, clauses: list[Clause], code: str, role: str) -> list[str]:
    wanted = [unit for clause in clauses if code in clause.items for unit in getattr(clause, role)]
    return units.names(wanted, code)
