"""Who works for which operator."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from shian.domains.selfcontrol.models import Duty, OperatorAccount
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import Reach, reach_of
from shian.kernel.scope.walls import system_scope
from shian.registers.operators.models import Operator


def in_force(day: date) -> Q:
    """Bindings whose days cover the day."""
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))


def bindings_of(user: Any, day: date) -> QuerySet[OperatorAccount]:
    """The operators that the user works for on the day, each with its duty."""
    return OperatorAccount.objects.filter(in_force(day), user=user).select_related("operator").order_by("pk")


def reach_by_accounts(user: Any) -> Reach:
    """The operators of the user's bindings today, and nothing else."""
    with system_scope():  # this is what says how far the user reaches
        found = bindings_of(user, timezone.localdate()).values_list("operator_id", flat=True)
        return Reach(operators=tuple(sorted(set(found))))


def duty_of(user: Any, operator: int, day: date) -> Duty | None:
    """The highest duty in which the user works for the operator (a key) on the day."""
    with system_scope():
        held = set(bindings_of(user, day).filter(operator=operator).values_list("duty", flat=True))
    return next((each for each in Duty if each in held), None)


def own_operators(user: Any) -> list[Operator]:
    """The businesses of the user, by name."""
    return list(Operator.objects.filter(pk__in=reach_of(user).operators).defer("search").order_by("name", "pk"))


def own_operator(user: Any, code: str) -> Operator:
    """One of the user's businesses. Raises OutOfReach, Http404."""
    found = next((each for each in own_operators(user) if each.code == code), None)
    if found is not None:
        return found
    if Operator.objects.filter(code=code).exists():
        raise OutOfReach(f"operators.operator:{code}")
    raise Http404(code)


def own_operator_by_key(user: Any, pk: int) -> Operator:
    """The same by the key of its row. Raises OutOfReach, Http404."""
    found = Operator.objects.filter(pk=pk).values_list("code", flat=True).first()
    if found is None:
        raise Http404(pk)
    return own_operator(user, found)


def accounts_of(operator: Operator, user: Any) -> list[OperatorAccount]:
    """Everybody who may or might sign in for the operator, the living first."""
    rows = OperatorAccount.objects.visible_to(user).filter(operator=operator).select_related("user", "operator")
    return sorted(rows, key=lambda each: (each.valid_to is not None, each.pk))


def managers_of(operator: Operator, day: date) -> list[int]:
    """The users (keys) who are principal or director of the operator on the day."""
    with system_scope():  # an officer tells them, whoever they are
        rows = OperatorAccount.objects.filter(in_force(day), operator=operator, user__is_active=True)
        return list(rows.filter(duty__in=(Duty.PRINCIPAL, Duty.DIRECTOR)).values_list("user", flat=True).distinct())


def signer_name(operator: Operator, username: str) -> str:
    """The name of whoever recorded or signed for the operator; the user name where it is nobody of its people."""
    with system_scope():  # also of people who have left
        rows = OperatorAccount.objects.filter(operator=operator, user__username=username)
        return rows.values_list("user__display_name", flat=True).first() or username


def users_by_operator(operators: Collection[int], day: date) -> dict[int, list[int]]:
    """Operator → the active users who work for it on the day, whatever their duty; one query."""
    found: dict[int, list[int]] = {}
    with system_scope():  # whoever sends a notice does not reach its readers
        rows = OperatorAccount.objects.filter(in_force(day), operator__in=operators, user__is_active=True)
        for operator, user in rows.order_by("pk").values_list("operator_id", "user_id"):
            found.setdefault(operator, []).append(user)
    return found
