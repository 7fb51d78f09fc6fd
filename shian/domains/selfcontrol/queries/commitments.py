"""Texts to sign, and who signed: by class and area."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Count, Q

from shian.domains.selfcontrol.models import CommitmentSignature, CommitmentText
from shian.kernel.scope.models import ScopedQuerySet
from shian.registers.operators.models import Operator


def texts_to_sign(operator: Operator, day: date) -> list[CommitmentText]:
    """Texts in force for the operator's area and kind that it has not signed."""
    rows = CommitmentText.objects.filter(issued_on__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day))
    signed = set(CommitmentSignature.objects.filter(operator=operator).values_list("text", flat=True))
    return [
        each for each in rows.order_by("issued_on", "pk")
        if operator.area.startswith(each.area) and (not each.kinds or operator.kind in each.kinds)
        and each.pk not in signed
    ]  # fmt: skip


def signed_by(operator: Operator) -> list[CommitmentSignature]:
    """What the operator has signed, newest first."""
    return list(CommitmentSignature.objects.filter(operator=operator).select_related("text").order_by("-signed_on"))


def texts_for(user: Any) -> ScopedQuerySet[CommitmentText]:
    """Texts of the user's areas, newest first."""
    found: ScopedQuerySet[CommitmentText] = CommitmentText.objects.visible_to(user)
    return found.order_by("-issued_on", "-pk")


def text_for(user: Any, pk: int) -> CommitmentText:
    """One text. Raises Http404, OutOfReach."""
    found: CommitmentText = CommitmentText.objects.get_visible(user, pk=pk)
    return found


def signers_of(texts: Collection[CommitmentText], user: Any) -> dict[int, int]:
    """Text → signers among the operators that the user sees. One statement."""
    rows = CommitmentSignature.objects.visible_to(user).filter(text__in=texts).order_by()
    return dict(rows.values_list("text").annotate(n=Count("pk")))


def signers_by_class(text: CommitmentText, user: Any) -> list[tuple[str, str, int]]:
    """(area key, kind of operator, signers): counties, or townships within one. One statement."""
    column = "township" if text.county else "county"
    rows = CommitmentSignature.objects.visible_to(user).filter(text=text).order_by()
    counted = rows.values_list(column, "operator__kind").annotate(n=Count("pk"))
    return sorted(counted)
