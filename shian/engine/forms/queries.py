"""Named reads of forms."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.http import Http404

from shian.engine.forms.datasets import offered_keys
from shian.engine.forms.definition import Definition, Question
from shian.engine.forms.models import MOST_KEPT, Form, FormSubmission, FormVersion, Phone, SubmissionQuerySet

_issued: dict[tuple[str, int], FormVersion] = {}


def forms_for(user: Any) -> QuerySet[Form]:
    """Forms that the user may see."""
    return Form.objects.visible_to(user)


def form_for(user: Any, key: str) -> Form:
    """Raises Http404."""
    found = forms_for(user).filter(key=key).first()
    if found is None:
        raise Http404(key)
    return found


def versions_for(user: Any) -> QuerySet[FormVersion]:
    """Versions that the user may see, newest first."""
    return FormVersion.objects.visible_to(user).select_related("form", "file").order_by("-id")


def version_for(user: Any, pk: int) -> FormVersion:
    """Raises Http404."""
    return _one_of(versions_for(user), pk)


def _one_of(rows: QuerySet[FormVersion], pk: int) -> FormVersion:
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404(str(pk))
    return found


def version_to_fill(user: Any, pk: int) -> FormVersion:
    """The version to which answers come in; of an issued one, which never changes, a process asks once. What it says of
    its withdrawal may be old. Raises Http404."""
    key = (connection.settings_dict["NAME"], pk)
    found = _issued.get(key)
    if found is None:
        found = _one_of(versions_for(user).defer("content", "xform"), pk)
        if found.issued_at is not None:
            if len(_issued) >= MOST_KEPT:
                _issued.clear()
            _issued[key] = found
    return found


def versions_in_force(day: date) -> QuerySet[FormVersion]:
    """The newest issued version of each form that counts on the day."""
    counting = FormVersion.objects.filter(
        Q(withdrawn_at__isnull=True) | Q(withdrawn_at__date__gt=day), issued_at__isnull=False, valid_from__lte=day
    )
    newest = counting.order_by("form", "-valid_from", "-id").distinct("form").values("pk")
    return FormVersion.objects.filter(pk__in=newest).select_related("form").order_by("form__key")


def version_in_force(key: str, day: date) -> FormVersion | None:
    """The version of a form that counts on the day."""
    return versions_in_force(day).filter(form__key=key).first()


def offered_versions(user: Any, day: date) -> QuerySet[FormVersion]:
    """The versions in force that the user fills in on the day: what a domain offers, else all."""
    keys = offered_keys(user, day)
    rows = versions_in_force(day)
    return rows if keys is None else rows.filter(form__key__in=keys)


def phones_of(user: Any) -> QuerySet[Phone]:
    """The user's own phones, newest first."""
    return Phone.objects.visible_to(user).order_by("-id")


def submissions_for(user: Any) -> SubmissionQuerySet:
    """What the user may see, newest first."""
    rows: SubmissionQuerySet = FormSubmission.objects.visible_to(user)
    return rows.select_related("version__form", "user").order_by("-id")


def submission_for(user: Any, pk: int) -> FormSubmission:
    """Raises Http404; OutOfReach, which is logged, for one that the user may not see."""
    rows: SubmissionQuerySet = FormSubmission.objects.select_related("version__form", "user", "phone")
    return rows.get_visible(user, pk=pk)


def former_of(version: FormVersion) -> FormVersion | None:
    """The issued version that came before this one."""
    rows = FormVersion.objects.filter(form=version.form_id, issued_at__isnull=False, pk__lt=version.pk)
    return rows.order_by("-pk").first()


@dataclass(frozen=True)
class Change:
    """A question that differs between two versions. kind: added, gone, changed; `attributes` name what changed, with
    the value before and now."""

    kind: str
    name: str
    label: str
    attributes: tuple[tuple[str, str, str], ...] = ()


COMPARED = (
    "type", "label", "hint", "list_name", "required", "relevant", "constraint", "calculation", "points", "rule",
    "key_item", "legal_basis", "photo",
)  # fmt: skip


def changes_between(former: Definition, now: Definition) -> list[Change]:
    """What differs, in the order of the newer form; then what is gone. Photos and remarks of items are not listed."""
    before, after = _by_name(former), _by_name(now)
    found = []
    for name, question in after.items():
        if name not in before:
            found.append(Change("added", name, question.label))
        elif differing := _differing(former, before[name], now, question):
            found.append(Change("changed", name, question.label, differing))
    return found + [Change("gone", name, each.label) for name, each in before.items() if name not in after]


def _by_name(form: Definition) -> dict[str, Question]:
    return {each.name: each for each in form.walk() if not each.companion_of}


def _differing(former: Definition, one: Question, now: Definition, two: Question) -> tuple[tuple[str, str, str], ...]:
    told: list[tuple[str, str, str]] = [
        (name, str(getattr(one, name)), str(getattr(two, name)))
        for name in COMPARED
        if getattr(one, name) != getattr(two, name)
    ]
    lists = [_listed(former, one), _listed(now, two)]
    if lists[0] != lists[1] and one.list_name == two.list_name:
        told.append(("choices", lists[0], lists[1]))
    return tuple(told)


def _listed(form: Definition, question: Question) -> str:
    listed = form.choices.get(question.list_name, ())
    return "；".join(" ".join(filter(None, vars(replace(each)).values())) for each in listed)
