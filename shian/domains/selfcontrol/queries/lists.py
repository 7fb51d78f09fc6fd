"""An operator's list of risks: what is in force, what is being written, where it began."""

from datetime import date
from typing import Any

from django.db.models import Q

from shian.domains.selfcontrol.models import RiskList
from shian.domains.selfcontrol.queries.numbers import CONTROLS, templates
from shian.domains.selfcontrol.rules.templates import Template, template_for
from shian.registers.operators.models import Operator


def list_in_force(operator: Operator, day: date) -> RiskList | None:
    """The approved list of the day; the caller has shown that the operator is visible."""
    rows = RiskList.objects.filter(operator=operator, valid_from__lte=day)
    return rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day)).first()


def list_shown(operator: Operator, version: int, day: date) -> RiskList | None:
    """A version that a phone kept: approved, and begun by the day; another may have followed since."""
    return RiskList.objects.filter(operator=operator, version=version, valid_from__lte=day).first()


def draft_of(operator: Operator) -> RiskList | None:
    """The version that nobody has approved yet."""
    return RiskList.objects.filter(operator=operator, approved_at__isnull=True).first()


def versions_of(operator: Operator) -> list[RiskList]:
    """Every version, newest first."""
    return list(RiskList.objects.filter(operator=operator).order_by("-version"))


def own_template(operator: Operator) -> Template:
    """The template of the operator's format. Raises LookupError."""
    return template_for(templates(), operator.kind, operator.small_kind, operator.format)


def first_items(operator: Operator, day: date) -> list[dict[str, Any]]:
    """What a first list begins with: the simplified one for a small operator."""
    most = CONTROLS.at(day).simplified_items
    return [*own_template(operator).items_for(is_simplified=is_small(operator), most=most)]


def is_small(operator: Operator) -> bool:
    """三小 follow by analogy, with a simplified list."""
    return bool(operator.small_kind)
