"""Who may do what in tracing; rows are cut by scope besides."""

from typing import Any

from shian.domains.tracing.models import Channel, ColdStore, Market, Merchant, Producer, RecallHolder
from shian.kernel.accounts.models import Role
from shian.kernel.accounts.permissions import Policy, Verdict, acting, any_user, role_in
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of
from shian.registers.operators.models import Operator

TRACING_READ: Policy = role_in(Role.OFFICE, Role.DEPARTMENT, Role.COUNTY, Role.STATION, Role.REVIEWER, Role.ASSESSOR)
ORDER_KEEP: Policy = role_in(Role.OFFICE, Role.COUNTY, Role.STATION)
RECALL_ORDER: Policy = role_in(Role.OFFICE, Role.COUNTY)  # propose, decide, publish, close; two persons for the first
RECALL_FOLLOW: Policy = role_in(Role.OFFICE, Role.COUNTY, Role.STATION)
RELEASE: Policy = ORDER_KEEP
CERTIFICATE_KEEP: Policy = role_in(Role.OFFICE, Role.COUNTY, Role.DEPARTMENT)


def own_trade(user: Any) -> Verdict:
    """People of operators, and nobody else: staff do not sell or promise in a business's name."""
    return Verdict(getattr(user, "role", None) == Role.OPERATOR, "")


def gate_keep(user: Any) -> Verdict:
    """Whoever does business: staff, and people of operators, who stand at gates. Watchers of the system do not."""
    return own_trade(user) if own_trade(user).allowed else any_user(user)


def of_gate(by: Any, market: Market) -> str:
    """The name under which goods are admitted: staff in reach, or whoever works for the market's operator.

    Raises PermissionDenied, OutOfReach.
    """
    if not isinstance(by, str) and getattr(by, "role", None) == Role.OPERATOR:
        return _of_operator(by, market.operator_id, market.subject)
    return acting(ORDER_KEEP, by, market.area)


def of_merchant(by: Any, merchant: Merchant) -> str:
    """The name under which a merchant sells or mixes. Raises PermissionDenied, OutOfReach."""
    return acting(own_trade, by) if isinstance(by, str) else _of_operator(by, merchant.operator_id, merchant.subject)


def of_producer(by: Any, producer: Producer) -> str:
    """The name under which a producer promises. Raises PermissionDenied, OutOfReach."""
    return acting(own_trade, by) if isinstance(by, str) else _of_operator(by, producer.operator_id, producer.subject)


def of_holder(by: Any, holder: RecallHolder) -> str:
    """The name under which a holder's answer is written: its own people, or staff who were there or called.

    Raises PermissionDenied, OutOfReach.
    """
    if not isinstance(by, str) and getattr(by, "role", None) == Role.OPERATOR:
        return _of_operator(by, holder.operator_id, holder.subject)
    return acting(RECALL_FOLLOW, by, holder.recall.area if holder.channel == Channel.LETTER else holder.area)


def of_operator(by: Any, operator: Operator) -> str:
    """The name under which a business traces what it has itself. Raises PermissionDenied, OutOfReach."""
    return acting(own_trade, by) if isinstance(by, str) else _of_operator(by, operator.pk, operator.code)


def of_store(by: Any, store: ColdStore) -> str:
    """The name under which goods are taken in: staff in reach, or the people of whoever runs the store.

    Raises PermissionDenied, OutOfReach.
    """
    if not isinstance(by, str) and getattr(by, "role", None) == Role.OPERATOR:
        return _of_operator(by, store.operator_id, store.subject)
    return acting(ORDER_KEEP, by, store.area)


def _of_operator(by: Any, operator: int | None, subject: str) -> str:
    name = acting(own_trade, by)
    if operator is None or operator not in reach_of(by).operators:
        raise OutOfReach(subject)
    return name
