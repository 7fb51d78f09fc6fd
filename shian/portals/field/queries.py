"""What a phone takes along: assignments, the forms for them and free ones, and the lists to choose from."""

from dataclasses import asdict
from datetime import date
from typing import Any

from shian.engine.forms.assignments import Assignment, assignments_of
from shian.engine.forms.datasets import entities_of
from shian.engine.forms.models import FormVersion
from shian.engine.forms.queries import offered_versions, versions_in_force


def work_of(user: Any, day: date) -> dict[str, Any]:
    """As JSON: `assignments`, `forms` (versions in force, without their questions: those are fetched once per version)
    and `lists` (rows of key and label, by name). is_free: the user may fill the form in without an assignment."""
    assigned = assignments_of(user, day)
    free = {each.pk: each for each in offered_versions(user, day)}
    wanted = versions_in_force(day).filter(form__key__in={each.form for each in assigned})
    forms = [_form(each, each.pk in free) for each in ({**free, **{each.pk: each for each in wanted}}).values()]
    names = sorted({name for form in forms for name in form["lists"]})
    return {
        "assignments": [_assignment(each) for each in assigned],
        "forms": forms,
        "lists": {name: [[row.key, row.label] for row in entities_of(name, user)] for name in names},
    }


def _assignment(assignment: Assignment) -> dict[str, Any]:
    due_on = assignment.due_on.isoformat() if assignment.due_on else ""
    return {**asdict(assignment), "answers": dict(assignment.answers), "due_on": due_on}


def _form(version: FormVersion, is_free: bool) -> dict[str, Any]:
    definition = version.definition
    return {
        "id": version.pk,
        "key": version.form.key,
        "title": definition.title,
        "series": definition.series,
        "version": version.name,
        "digest": version.digest,
        "pass_mark": definition.pass_mark,
        "is_withheld": definition.is_withheld,
        "is_free": is_free,
        "lists": definition.datasets,
    }
