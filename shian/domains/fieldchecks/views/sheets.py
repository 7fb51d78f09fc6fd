"""The sheet of a visit as an ordinary page; what it posts goes the way of every other submission."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.fieldchecks.forms.sheets import filled_in, sheet_fields, unshown
from shian.domains.fieldchecks.models import FieldVisit
from shian.domains.fieldchecks.models.visits import BEFORE_SHEET
from shian.domains.fieldchecks.permissions import VISIT_WORK
from shian.domains.fieldchecks.queries.visits import assignment_key, entity_of, is_member, visit_for
from shian.domains.fieldchecks.tables.visits import visit_url
from shian.domains.fieldchecks.views.visit_steps import crumbs
from shian.engine.forms.actions import Sent, SubmissionRefused, receive_answers
from shian.engine.forms.answers import AnswerFault, check_answers
from shian.engine.forms.definition import Definition
from shian.engine.forms.models import FormVersion
from shian.engine.forms.page_posts import Circumstances
from shian.engine.forms.queries import version_in_force
from shian.kernel.accounts.permissions import requires
from shian.kernel.files.actions import FileRefused
from shian.kernel.ui.pieces import Callout
from shian.kernel.ui.states import DUE, OVERDUE


@requires(VISIT_WORK)
def visit_check(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The questions of the visit's form; sent, they are its record."""
    visit = visit_for(request.user, pk)
    version = version_in_force(visit.form, timezone.localdate())
    if version is None or not is_member(request.user, visit):
        raise Http404(visit.form)
    if visit.state not in BEFORE_SHEET:
        return redirect(visit_url(visit))
    faults: list[AnswerFault] = []
    if request.method == "POST":
        faults = _sent(request, visit, version)
        if not faults:
            messages.success(request, _("已收到打分表，得分由系统计算。"))
            return redirect(visit_url(visit))
    return render(request, "fieldchecks/sheet.html", _context(request, visit, version, faults))


def _sent(request: HttpRequest, visit: FieldVisit, version: FormVersion) -> list[AnswerFault]:
    """Send the answers the way that phones take; what keeps them from being taken, by question."""
    now, form = timezone.now(), version.definition
    filled = filled_in(
        form, request.POST, request.FILES, entity=entity_of(visit), started=_started(request, now), ended=now
    )
    checked = check_answers(form, filled.answers, timezone.localtime(now))
    if checked.faults:
        return list(checked.faults)
    body = json.dumps(filled.answers, sort_keys=True, ensure_ascii=False).encode()
    files = {name: stream for name, stream in filled.files.items() if name in checked.files}
    unasked = set(filled.files) - set(files)  # photos beside items that lost no points
    answers = {name: value for name, value in filled.answers.items() if str(value) not in unasked}
    try:
        receive_answers(
            version=version, instance_id=f"visit:{visit.uid}", digest=hashlib.sha256(body).hexdigest(),
            answers=answers, totals={},
            sent=Sent(
                by=request.user, at=now, device=request.headers.get("User-Agent", "")[:120], files=files,
                circumstances=Circumstances(assignment=assignment_key(visit)),
            ),
        )  # fmt: skip
    except (SubmissionRefused, FileRefused) as refused:
        return [AnswerFault("", _("打分表"), str(refused))]
    return []


def _started(request: HttpRequest, now: datetime) -> datetime:
    """When the page was opened; a time that lies ahead or is none is the present."""
    try:
        told = datetime.fromisoformat(request.POST.get("started", ""))
    except ValueError:
        return now
    return told if told.tzinfo is not None and told <= now else now


def _context(
    request: HttpRequest, visit: FieldVisit, version: FormVersion, faults: list[AnswerFault]
) -> dict[str, Any]:
    form, posted = version.definition, request.POST
    wrong = {each.path: each.reason for each in faults}
    place = {name: posted.get(name, "" if (value := getattr(visit, name)) is None else value)
             for name in ("lat", "lon", "accuracy")}  # fmt: skip
    notes = []
    if missing := unshown(form):
        told = _("这张表有网页不能填的题（%(types)s），请用手机填报。") % {"types": "、".join(missing)}
        notes.append(Callout(told, state=OVERDUE))
    if visit.is_covert:
        notes.append(Callout(_("暗访不亮明身份；没有看到的项目选“未观察到”并写明理由。"), state=DUE))
    return {
        "visit": visit, "version": version, "form": form, "place": place, "notes": notes, "faults": faults,
        "fields": list(sheet_fields(form, posted, wrong)), "place_fault": _place_fault(form, wrong),
        "started": posted.get("started") or timezone.localtime().isoformat(), "crumbs": crumbs(visit),
        "has_files": bool(request.FILES), "back": visit_url(visit),
    }  # fmt: skip


def _place_fault(form: Definition, wrong: Mapping[str, str]) -> str:
    """What is wrong with the place, whatever the question is called."""
    return next((wrong[each.name] for each in form.walk() if each.type == "geopoint" and each.name in wrong), "")
