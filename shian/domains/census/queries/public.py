"""What a stranger learns of an operator by its code: a closed list of fields, and what other domains add to it.

A domain that has something for the public (grade, last inspection, safety officer) never reaches in here by itself; a
flow registers it:

    register_public_section(PublicSection("grade", _("风险等级"), 10, lambda operator: [PublicFact(_("等级"), "B")]))

A fact marked `is_name` is masked (王**) before it leaves this module, whoever provides it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils import timezone

from shian.domains.census.models import CodeState, OperatorCode
from shian.kernel.ui.masking import public_name
from shian.kernel.ui.states import Text
from shian.registers.areas.queries import area_names
from shian.registers.operators.models import Operator

SHOWN = (
    "code", "name", "kind", "small_kind", "format", "licence_kind", "licence_no", "address", "city", "county",
    "township", "chain_code", "host_code", "opened_on", "closed_on", "updated_at",
)  # fmt: skip


@dataclass(frozen=True)
class PublicFact:
    """A label and a value for everybody."""

    label: Text
    value: Text | int | date
    is_name: bool = False


@dataclass(frozen=True)
class PublicSection:
    """What a domain tells the public of an operator; without facts the section is left out."""

    key: str
    title: Text
    order: int
    provide: Callable[[Operator], Sequence[PublicFact]]


@dataclass(frozen=True)
class PublicFile:
    """All that the public page may show of an operator. Phone, persons and notes are not among it."""

    name: str
    kind: str
    format: str
    licence_kind: str
    licence_no: str
    address: str
    city: str
    places: tuple[str, ...]
    chain: str
    market: str
    opened_on: date
    closed_on: date | None
    updated_on: date
    sections: tuple[tuple[Text, tuple[PublicFact, ...]], ...]

    def is_closed(self, day: date) -> bool:
        return self.closed_on is not None and self.closed_on <= day


@dataclass(frozen=True)
class ScannedCode:
    """A code that somebody holds up: which one, and in what state since when."""

    pk: int
    serial: str
    operator_id: int
    operator_code: str
    is_active: bool
    is_revoked: bool
    changed_on: date | None


_sections: dict[str, PublicSection] = {}


def register_public_section(section: PublicSection) -> None:
    """Add a section to the public page; the same key again replaces it."""
    _sections[section.key] = section


def scanned(serial: str) -> ScannedCode | None:
    """The code of a serial whose signature was found good; None when it is not kept here."""
    code = OperatorCode.objects.select_related("operator").filter(serial=serial)
    found = code.only("serial", "state", "changed_at", "operator__code").first()
    if found is None:
        return None
    return ScannedCode(
        pk=found.pk,
        serial=found.serial,
        operator_id=found.operator_id,
        operator_code=found.operator.code,
        is_active=found.state == CodeState.ACTIVE,
        is_revoked=found.state == CodeState.REVOKED,
        changed_on=timezone.localdate(found.changed_at) if found.changed_at else None,
    )


def public_file(operator_id: int) -> PublicFile:
    """The public part of an operator's file. Raises Operator.DoesNotExist."""
    operator = Operator.objects.only(*SHOWN).get(pk=operator_id)
    above = [code for code in (operator.chain_code, operator.host_code) if code]
    linked = dict(Operator.objects.filter(code__in=above).values_list("code", "name")) if above else {}
    names = area_names(timezone.localdate())
    return PublicFile(
        name=operator.name,
        kind=operator.small_kind or operator.kind,
        format=operator.format,
        licence_kind=operator.licence_kind,
        licence_no=operator.licence_no,
        address=operator.address,
        city=operator.city,
        places=tuple(names[key] for key in (operator.county, operator.township) if key in names),
        chain=linked.get(operator.chain_code, ""),
        market=linked.get(operator.host_code, ""),
        opened_on=operator.opened_on,
        closed_on=operator.closed_on,
        updated_on=timezone.localdate(operator.updated_at),
        sections=_provided(operator),
    )


def _provided(operator: Operator) -> tuple[tuple[Text, tuple[PublicFact, ...]], ...]:
    ordered = sorted(_sections.values(), key=lambda each: each.order)
    told = [(each.title, tuple(_masked(fact) for fact in each.provide(operator))) for each in ordered]
    return tuple((title, facts) for title, facts in told if facts)


def _masked(fact: PublicFact) -> PublicFact:
    return replace(fact, value=public_name(str(fact.value))) if fact.is_name else fact
