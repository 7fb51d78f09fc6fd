"""What passed and fails a later check returns to the problem list at once, and its points are ready no more; closing
that problem restores what was kept, not the points: whoever keeps those says when they are ready again (A-39)."""

from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.fieldchecks.actions.points import lose_ready_of
from shian.engine.cases.actions import Given, Opening, move_case, open_case
from shian.engine.cases.declarations import case_type
from shian.engine.cases.events import CaseMoved
from shian.engine.cases.models import Case, CaseEvent
from shian.kernel.scope.walls import system_scope
from shian.kernel.ui.languages import language_of_record

KEEPING, PROBLEM, SOURCE = "keeping", "problem", "relapse"


def list_relapse(event: CaseMoved) -> None:
    """A check failed: a problem of the same place, item and operator, made of the case that keeps the state."""
    if (event.type, event.step) != (KEEPING, "relapse"):
        return
    case = Case.objects.select_related("issuer", "unit", "verifier").get(pk=event.case)
    last = CaseEvent.objects.filter(case=case, step="relapse").order_by("-number").first()
    with language_of_record():
        title = _("复查不合格：%(title)s") % {"title": case.title}
    opening = Opening(
        title=title[:200], area_key=case.area, issuer=case.issuer,
        unit=case.unit, verifier=case.verifier, body=last.note if last else "", source=SOURCE,
        item_code=case.item_code, operator_code=case.operator_code, parent=case,
        data={"severity": "较重", "place": case.data.get("place", "")},
    )  # fmt: skip
    open_case(declared=case_type(PROBLEM), opening=opening, by=event.by, at=event.at)
    if case.operator_code:
        told = case.data.get("checked_on", "")
        on = date.fromisoformat(told) if told else timezone.localdate(event.at)
        lose_ready_of(operator_code=case.operator_code, on=on, reason=case.number, by=event.by, at=event.at)


def restore_after_close(event: CaseMoved) -> None:
    """The problem of a relapse is closed: what it took away comes back, once no other one is open. One that went into
    another problem waits for that one."""
    if event.type != PROBLEM or event.is_open or not event.was_open or event.step == "merge":
        return
    with system_scope():  # who closes a problem may not see all that followed from it
        problem = Case.objects.get(pk=event.case)
        own = Case.objects.filter(Q(pk=problem.pk) | Q(merged_into=problem), source=SOURCE)
        relapsed = Case.objects.filter(pk__in=own.values("parent"), type=KEEPING, state="relapsed")
        for kept in relapsed.order_by("pk"):
            _restore(kept, problem, event)


def _restore(kept: Case, problem: Case, event: CaseMoved) -> None:
    if Case.objects.filter(Q(is_open=True) | Q(merged_into__is_open=True), parent=kept).exists():
        return
    declared = case_type(KEEPING)
    with language_of_record():
        note = _("问题 %(number)s 已销号。") % {"number": problem.number}
    move_case(declared=declared, case=kept, step=declared.step("restore"), seen=kept.version, given=Given(note=note),
              by=event.by, at=event.at)  # fmt: skip
