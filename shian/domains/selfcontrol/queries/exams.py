"""Random tests as people and stations see them."""

from typing import Any

from shian.domains.selfcontrol.models import Exam
from shian.kernel.scope.models import ScopedQuerySet


def own_exam(user: Any, pk: int) -> Exam:
    """A test of the user's businesses. Raises Http404, OutOfReach."""
    found: Exam = Exam.objects.select_related("staff", "operator").get_visible(user, pk=pk)
    return found


def exams_for(user: Any) -> ScopedQuerySet[Exam]:
    """Tests in the user's areas, newest first."""
    found: ScopedQuerySet[Exam] = Exam.objects.visible_to(user)
    return found.select_related("operator").order_by("-examined_on", "-pk")
