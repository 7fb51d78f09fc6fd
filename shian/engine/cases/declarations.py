"""What an app above declares to have a closed loop: a case type, in its definitions.py.

    CARD = register_case_type(CaseType(
        key="card", title=_("督办卡"), numbering="{issuer}督〔{year}〕{number}号",
        states=(State("issued", _("已下发"), turn=Side.UNIT), …, State("closed", _("已办结"), is_open=False)),
        clocks=(ClockRule("reply", _("回复"), stops=("reply",)),),
        transitions=(
            Transition("reply", _("回复"), ("received",), "answered", by=Side.UNIT, needs={Need.NOTE, Need.EVIDENCE}),
            Transition("close", _("核实办结"), ("answered",), "closed", by=Side.VERIFIER, apart_from=("reply",)),
        ),
        create=CARD_ISSUE,
    ))

The lengths of clocks and the ladder are dated: packs/parameters/cases/<key>.yaml (parameters.py).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from shian.engine.cases.rules import Side
from shian.engine.ledgers.fields import LedgerField
from shian.kernel.accounts.permissions import Policy, any_user
from shian.kernel.ui.states import DONE, WAITING, Text

OPENING = "open"  # the step that makes a case; it stands first on every timeline
# What every case has under these names, on forms and in files: a field of a type is called something else.
TAKEN_NAMES = frozenset(
    {"number", "title", "body", "area", "area_code", "issuer", "issuer_code", "unit", "unit_code", "verifier"}
    | {"verifier_code", "owner", "owner_no", "due_on", "source", "subject", "item_code", "operator_code", "is_urgent"}
    | {"parent_type", "parent_number", "opened_on", "opened_by", "note", "files", "file_kind", "row_no", "is_good"}
)


class CaseTypeInvalid(ValueError):
    """A declaration contradicts itself; the text names the type and what is wrong."""


class Need(StrEnum):
    """What a step asks for. HELD: the case already has evidence of the present round."""

    NOTE = "note"
    EVIDENCE = "evidence"
    HELD = "held"
    UNIT = "unit"
    OWNER = "owner"
    DUE = "due"


@dataclass(frozen=True)
class State:
    """Where a case can stand. `turn`: whose move it is; `tone` colours the badge until the case is late."""

    key: str
    title: Text
    turn: Side | None = None
    is_open: bool = True
    tone: str = ""

    @property
    def shown_tone(self) -> str:
        return self.tone or (WAITING if self.is_open else DONE)


@dataclass(frozen=True)
class Transition:
    """One step. Empty `target` keeps the state. `by`: which side takes it (None: whoever the policy allows).

    needs: what must be given; offers: what may be given. asks: fields of the type to fill in, those of `demands` must
    be. proofs: kinds of evidence that the present round must hold by then, with what the step brings. same_day: only
    on the day on which the case was opened. apart_from: who last took one of these steps may not take this one; with
    `apart_units` nor may their unit. begins_round: evidence given before counts no more (a return, a reopening).
    """

    key: str
    title: Text
    sources: tuple[str, ...]
    target: str = ""
    by: Side | None = None
    policy: Policy = any_user
    needs: frozenset[Need] = frozenset()
    offers: frozenset[Need] = frozenset()
    asks: tuple[str, ...] = ()
    demands: tuple[str, ...] = ()
    proofs: tuple[str, ...] = ()
    same_day: bool = False
    apart_from: tuple[str, ...] = ()
    apart_units: bool = False
    begins_round: bool = False
    reopens: bool = False
    is_bulk: bool = False
    icon: str = "arrow-right"
    kind: str = "secondary"
    consequence: Text = ""


@dataclass(frozen=True)
class ClockRule:
    """A clock. It starts with the steps of `starts` (the opening by itself), stops with those of `stops`.

    `is_given`: its last day is typed in by whoever starts it (a deadline on a card); otherwise its length is a dated
    parameter. A step that starts a clock which has stopped sets it going anew.
    """

    key: str
    title: Text
    starts: tuple[str, ...] = (OPENING,)
    stops: tuple[str, ...] = ()
    is_given: bool = False
    may_extend: bool = True


@dataclass(frozen=True)
class CaseType:
    """A closed loop. The first state is where a case begins.

    numbering: a format with {issuer} {area} {year} {number}; numbers run without a gap in each issuer and year (or as
    its fields say). waits_for_children: closing needs every child closed. sources: the words for where a case comes
    from. evidence_kinds: what a file can show (before, after, …), key → title.
    """

    key: str
    title: Text
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    clocks: tuple[ClockRule, ...]
    create: Policy
    numbering: str
    view: Policy = any_user
    unit_noun: Text = ""
    fields: tuple[LedgerField, ...] = ()
    sources: tuple[tuple[str, Text], ...] = ()
    evidence_kinds: tuple[tuple[str, Text], ...] = ()
    waits_for_children: bool = False
    asks_item: bool = False
    asks_operator: bool = False
    description: Text = ""
    legal_basis: str = ""
    order: int = 100
    icon: str = "circle-check"

    @cached_property
    def by_state(self) -> dict[str, State]:
        return {each.key: each for each in self.states}

    @cached_property
    def by_step(self) -> dict[str, Transition]:
        return {each.key: each for each in self.transitions}

    @cached_property
    def by_field(self) -> dict[str, LedgerField]:
        return {each.name: each for each in self.fields}

    @cached_property
    def main_clock(self) -> ClockRule | None:
        return self.clocks[0] if self.clocks else None

    @cached_property
    def open_states(self) -> frozenset[str]:
        return frozenset(each.key for each in self.states if each.is_open)

    def step(self, key: str) -> Transition:
        """The step of that key. Raises LookupError."""
        return self.by_step[key]

    def steps_from(self, state: str) -> list[Transition]:
        """The steps that leave (or stay in) a state, in order of declaration."""
        return [each for each in self.transitions if state in each.sources]


@dataclass
class _Registry:
    types: dict[str, CaseType] = field(default_factory=dict)
    listeners: list[Callable[[CaseType], None]] = field(default_factory=list)


_registry = _Registry()


def register_case_type(declared: CaseType) -> CaseType:
    """Take a declaration in; the same key again replaces it. Raises CaseTypeInvalid."""
    if faults := list(faults_of(declared)):
        raise CaseTypeInvalid(f"{declared.key}: {faults[0]}")
    _registry.types[declared.key] = declared
    for listener in _registry.listeners:
        listener(declared)
    return declared


def when_declared(listener: Callable[[CaseType], None]) -> None:
    """Call the listener with every type: those known now, and each that comes later."""
    _registry.listeners.append(listener)
    for declared in case_types():
        listener(declared)


def case_type(key: str) -> CaseType:
    """The type of that key. Raises LookupError."""
    return _registry.types[key]


def case_types() -> list[CaseType]:
    """All of them, in order."""
    return sorted(_registry.types.values(), key=lambda each: (each.order, each.key))


def faults_of(declared: CaseType) -> Iterator[str]:
    """What is wrong with a declaration, in words for its author."""
    states, steps = set(declared.by_state), {OPENING, *declared.by_step}
    if not declared.states or not declared.states[0].is_open:
        yield "the first state must be an open one."
    if strange := set(declared.by_field) & TAKEN_NAMES:
        yield f"fields: every case has {', '.join(sorted(strange))} already; choose another name."
    for each in declared.transitions:
        if strange := {*each.sources, each.target or each.sources[0]} - states:
            yield f"step {each.key}: no state {', '.join(sorted(strange))}."
        if strange := set(each.apart_from) - steps:
            yield f"step {each.key}: apart_from names no step {', '.join(sorted(strange))}."
        if strange := {*each.asks, *each.demands} - set(declared.by_field):
            yield f"step {each.key}: no field {', '.join(sorted(strange))}."
        if strange := set(each.proofs) - {key for key, _title in declared.evidence_kinds}:
            yield f"step {each.key}: no kind of evidence {', '.join(sorted(strange))}."
        if set(each.demands) - set(each.asks):
            yield f"step {each.key}: it demands a field that it does not ask for."
        if Need.DUE in each.needs and not any(c.is_given and each.key in c.starts for c in declared.clocks):
            yield f"step {each.key}: it asks for a due day that starts no clock."
    for clock in declared.clocks:
        if strange := {*clock.starts, *clock.stops} - steps:
            yield f"clock {clock.key}: no step {', '.join(sorted(strange))}."
    yield from _unreachable(declared)


def _unreachable(declared: CaseType) -> Iterator[str]:
    """States that no chain of steps reaches, and open states that cannot be left."""
    seen, edge = set[str](), [declared.states[0].key] if declared.states else []
    while edge:
        state = edge.pop()
        if state not in seen:
            seen.add(state)
            edge += [each.target for each in declared.steps_from(state) if each.target]
    if lost := [key for key in declared.by_state if key not in seen]:
        yield f"no step reaches {', '.join(lost)}."
    for state_key in declared.open_states & seen:
        if not any(each.target and each.target != state_key for each in declared.steps_from(state_key)):
            yield f"the open state {state_key} cannot be left."
