"""What was filled in: list, one with its answers and photos; and the two addresses that a page off line speaks to."""

import hashlib
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shian.engine.forms import actions
from shian.engine.forms.models import FormSubmission
from shian.engine.forms.openrosa import INSTANCE
from shian.engine.forms.page_posts import read_moment, read_post
from shian.engine.forms.permissions import FORM_FILL, FORM_READ, SUBMISSION_READ, SUBMISSION_RELEASE
from shian.engine.forms.queries import submission_for, submissions_for, version_for, version_to_fill
from shian.engine.forms.surveyjs import survey_of
from shian.engine.forms.tables import ANSWERS, SUBMISSIONS, answer_rows, clock_text, submission_row, verdict_of
from shian.kernel.accounts.permissions import requires
from shian.kernel.disclosures.door import Door
from shian.kernel.files.actions import FileRefused
from shian.kernel.notary.queries import entries_of
from shian.kernel.ui.actors import actor
from shian.kernel.ui.keyset import keyset_page
from shian.kernel.ui.pages import ListPage, RecordPage
from shian.kernel.ui.pieces import Action, Crumb, Fact, Section, TimelineEntry
from shian.kernel.ui.tables import Empty, ListQuery, Table
from shian.registers.areas.queries import area_names


@requires(SUBMISSION_READ)
def submission_list(request: HttpRequest) -> HttpResponse:
    """What the user may see, newest first."""
    query = ListQuery.read(request.GET, SUBMISSIONS, default_sort="-received")
    page, names = keyset_page(submissions_for(request.user).order_by(), query), area_names(timezone.localdate())
    empty = Empty(_("还没有收到填报"), _("检查人员在手机或网页上填完打分表并发送后，会出现在这里。"))
    found = ListPage(
        _("填报记录"),
        Table(SUBMISSIONS, [submission_row(each, names) for each in page.items], query=query, page=page, empty=empty),
        unit=_("份"),
        summary=_("按收到的原样保存，得分由系统按答案重新计算；公布前保密的只有填报人和创建办能看到。"),
    )
    return render(request, "ui/page_list.html", {"list": found})


@requires(SUBMISSION_READ)
def submission_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Answers with what each earned, when and where, the photos."""
    found = submission_for(request.user, pk)
    definition = found.version.definition
    state, word = verdict_of(found)
    page = RecordPage(
        definition.title,
        code=found.instance_id,
        kind=_("填报记录"),
        state=state,
        state_label=word,
        badges=[] if found.released_at else [_("未公布")],
        crumbs=[Crumb(_("填报记录"), reverse("forms:submission_list"))],
        actions=_actions(request.user, found),
        sections=[_facts(found)],
        timeline=_timeline(found),
    )
    here = dict(found.attachments.values_list("name", "pk"))
    answers = Table(ANSWERS, answer_rows(definition, found, here), id="answers")
    return render(request, "forms/submission_detail.html", {"record": page, "answers": answers})


def _actions(user: Any, found: FormSubmission) -> list[Action]:
    if found.released_at or not SUBMISSION_RELEASE(user).allowed:
        return []
    told = _("公布后，辖区内的人员都能看到这份填报。")
    url = reverse("forms:submission_open", args=[found.pk])
    return [Action(_("公布"), url, icon="eye", kind="primary", method="post", consequence=told)]


def _facts(found: FormSubmission) -> Section:
    names = area_names(timezone.localdate())
    place = f"{found.lat:.6f}, {found.lon:.6f}" if found.lat is not None and found.lon is not None else ""
    missing = sorted(set(found.files) - set(found.attachments.values_list("name", flat=True)))
    facts = [
        Fact(_("得分"), found.percent, kind="number"),
        Fact(_("打分表版本"), found.version.name, url=reverse("forms:version_detail", args=[found.version_id])),
        Fact(_("区划"), names.get(found.area, found.area)),
        Fact(_("填报人"), actor(found.user.get_username())),
        Fact(_("来源"), found.get_source_display()),
        Fact(_("设备"), found.device),
        Fact(_("开始时间"), found.started_at, kind="moment"),
        Fact(_("结束时间"), found.ended_at, kind="moment"),
        Fact(_("发送时手机时间"), found.sent_at, kind="moment"),
        Fact(_("收到时间"), found.received_at, kind="moment"),
        Fact(_("手机时钟"), clock_text(found.clock), state="due"),
        Fact(
            _("位置"),
            place,
            note=_("误差 %(metres)s 米") % {"metres": f"{found.accuracy:.0f}"} if found.accuracy else "",
        ),
        Fact(_("还没有收到的文件"), "、".join(missing), state="due" if missing else ""),
        Fact(_("内容校验值（SHA-256）"), found.digest, kind="code", is_copied=True),
    ]
    return Section(_("概况"), [fact for fact in facts if fact.value not in (None, "")])


def _timeline(found: FormSubmission) -> list[TimelineEntry]:
    words = {
        "forms.received": _("收到答案"), "forms.files_received": _("收到文件"), "forms.released": _("公布"),
    }  # fmt: skip
    return [
        TimelineEntry(words[entry.action], entry.at, by=actor(entry.actor), seal=entry.seal)
        for entry in entries_of(f"forms.formsubmission:{found.pk}")
        if entry.action in words
    ]


@requires(SUBMISSION_READ)
def submission_download(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """A photo or file of a submission."""
    found = submission_for(request.user, pk)
    file = found.attachments.select_related("stored").filter(pk=number).first()
    if file is None:
        raise Http404(str(number))
    return Door.of_page(request).let_out_stored(
        file.stored,
        file.name,
        subject=f"forms.formsubmission:{pk}",
        title=str(found.version.form.title),
        at=timezone.now(),
    )


@requires(SUBMISSION_RELEASE)
@require_POST
def submission_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Let others see it."""
    actions.release_submission(submission=submission_for(request.user, pk), by=request.user, at=timezone.now())
    messages.success(request, _("已公布。"))
    return redirect("forms:submission_detail", pk)


@requires(FORM_READ)
@require_GET
def version_read(request: HttpRequest, pk: int) -> JsonResponse:
    """The version as a page off line keeps it: the SurveyJS form, and what it is a version of."""
    version = version_for(request.user, pk)
    told = {"form": version.form.key, "version": version.name, "digest": version.digest}
    return JsonResponse({**told, "survey": survey_of(version.definition)})


@transaction.non_atomic_requests  # one action writes all there is, in its own transaction
@requires(FORM_FILL)
@require_POST
def submission_create(request: HttpRequest, pk: int, instance: str) -> JsonResponse:
    """Answers of a page: multipart with `answers` (JSON, page_posts.py), `sent_at` (the device's clock at this moment)
    and photos under the names that the answers give.

    `instance` is made by the page and is the key of the request: the same again, or with more photos, has one effect.
    201 with what is missing; 4xx with `reason`.
    """
    body = request.POST.get("answers", "")
    try:
        told, sent_at = read_post(body), read_moment(request.POST.get("sent_at", ""))
    except ValueError:
        told, sent_at = None, None
    if told is None or not INSTANCE.fullmatch(instance):
        return JsonResponse({"reason": _("收到的不是填报内容。")}, status=400)
    files = {str(each.name): each for _key, each in _files(request)}
    sent = actions.Sent(
        by=request.user, at=timezone.now(), device=told.device, sent_at=sent_at, files=files,
        circumstances=told.circumstances,
    )  # fmt: skip
    try:
        found = actions.receive_answers(
            version=version_to_fill(request.user, pk), instance_id=instance,
            digest=hashlib.sha256(body.encode()).hexdigest(), answers=told.answers, totals=told.totals, sent=sent,
        )  # fmt: skip
    except actions.SubmissionRefused as refusal:
        return JsonResponse({"reason": str(refusal)}, status=refusal.status)
    except FileRefused as refusal:
        return JsonResponse({"reason": str(refusal)}, status=422)
    here = found.files if found.completed_at else found.attachments.values_list("name", flat=True)
    missing = sorted(set(found.files) - set(here))
    score = None if found.percent is None else str(found.percent)
    return JsonResponse({"submission": found.pk, "missing": missing, "score": score}, status=201)


def _files(request: HttpRequest) -> Iterator[tuple[str, Any]]:
    for key in request.FILES:
        for each in request.FILES.getlist(key):
            yield key, each
