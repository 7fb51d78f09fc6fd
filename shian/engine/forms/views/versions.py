"""One version: its questions, what changed, issuing, withdrawing, the workbook and the XForm."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shian.engine.forms import actions
from shian.engine.forms.forms import IssueForm, WithdrawForm
from shian.engine.forms.models import FormVersion
from shian.engine.forms.permissions import FORM_READ, FORM_WRITE
from shian.engine.forms.queries import changes_between, former_of, version_for, version_in_force
from shian.engine.forms.sheets import workbook_of
from shian.engine.forms.tables import CHANGES, QUESTIONS, change_rows, question_rows, state_of
from shian.kernel.accounts.permissions import requires
from shian.kernel.disclosures.door import without_data
from shian.kernel.files.rules import MEDIA_TYPES
from shian.kernel.notary.queries import entries_of
from shian.kernel.ui.acting import acted, acted_or_told
from shian.kernel.ui.actors import actor
from shian.kernel.ui.pages import FormPage, RecordPage
from shian.kernel.ui.pieces import Action, Crumb, Fact, Section, TimelineEntry
from shian.kernel.ui.tables import Empty, Table


@requires(FORM_READ)
def version_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Every question with its points; beneath, what differs from the version before."""
    version, today = version_for(request.user, pk), timezone.localdate()
    current = version_in_force(version.form.key, today)
    state, word = state_of(version, current.pk if current else None, today)
    definition, former = version.definition, former_of(version)
    page = RecordPage(
        definition.title,
        code=_("版本 %(name)s") % {"name": version.name},
        kind=_("打分表"),
        state=state,
        state_label=word,
        badges=[definition.series] if definition.series else [],
        crumbs=_crumbs(version),
        actions=_actions(request.user, version),
        sections=[_facts(version)],
        timeline=_timeline(version),
    )
    changes = change_rows(changes_between(former.definition, definition)) if former else []
    empty = Empty(_("题目没有变化"), _("与前一版本相比，题目、分值和依据都相同。"))
    context = {
        "record": page,
        "questions": Table(QUESTIONS, question_rows(definition), id="questions"),
        "former": former,
        "changes": Table(CHANGES, changes, empty=empty, id="changes") if former else None,
    }
    return render(request, "forms/version_detail.html", context)


def _crumbs(version: FormVersion) -> list[Crumb]:
    return [
        Crumb(_("打分表"), reverse("forms:form_list")),
        Crumb(version.form.title, reverse("forms:form_detail", args=[version.form.key])),
    ]


def _actions(user: Any, version: FormVersion) -> list[Action]:
    found = [Action(_("下载工作簿"), reverse("forms:version_download", args=[version.pk]), icon="download")]
    if not FORM_WRITE(user).allowed:
        return found
    if version.issued_at is None:
        told = _("草稿删除后不能恢复；已发布的版本不受影响。")
        discard = reverse("forms:version_discard", args=[version.pk])
        found.append(Action(_("删除草稿"), discard, icon="trash", kind="danger", method="post", consequence=told))
        found.insert(
            0, Action(_("发布"), reverse("forms:version_issue", args=[version.pk]), icon="check", kind="primary")
        )
    elif version.withdrawn_at is None:
        found.append(Action(_("停用"), reverse("forms:version_withdraw", args=[version.pk]), icon="ban"))
    return found


def _facts(version: FormVersion) -> Section:
    definition = version.definition
    facts = [
        Fact(_("启用日期"), version.valid_from, kind="date"),
        Fact(_("计分项"), len(definition.items), kind="number"),
        Fact(_("关键项"), sum(each.key_item for each in definition.items), kind="number"),
        Fact(_("总分"), definition.full, kind="number"),
        Fact(_("合格分"), definition.pass_mark),
        Fact(_("优秀分"), definition.excellent_mark),
        Fact(_("依据"), definition.basis),
        Fact(_("可信度"), definition.confidence),
        Fact(_("公布前保密"), _("是") if definition.is_withheld else ""),
        Fact(_("来源文件"), version.file.name if version.file else _("随系统提供")),
        Fact(_("停用理由"), version.reason),
        Fact(_("内容校验值（SHA-256）"), version.digest, kind="code", is_copied=True),
    ]
    note = _("合格：得分不低于合格分，并且没有一个关键项不得分；不适用的题目不计入总分。") if definition.items else ""
    return Section(_("概况"), [fact for fact in facts if fact.value not in (None, "")], note=note)


def _timeline(version: FormVersion) -> list[TimelineEntry]:
    words = {"forms.uploaded": _("建立草稿"), "forms.issued": _("发布"), "forms.withdrawn": _("停用")}
    return [
        TimelineEntry(words[entry.action], entry.at, by=actor(entry.actor), seal=entry.seal)
        for entry in entries_of(f"forms.formversion:{version.pk}")
        if entry.action in words
    ]


@requires(FORM_WRITE)
def version_issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the first day, then issue."""
    version = version_for(request.user, pk)
    first_day = version.definition.valid_from or timezone.localdate()
    form = IssueForm(request.POST or None, initial={"valid_from": first_day})

    def act() -> None:
        actions.issue_version(version=version, **form.cleaned_data, by=request.user, at=timezone.now())

    if request.method == "POST" and form.is_valid() and acted(form, act, actions.VersionRefused, "valid_from"):
        messages.success(request, _("已发布。"))
        return redirect("forms:version_detail", pk)
    page = FormPage(
        _("发布打分表"), form, _("发布"),
        consequence=_("发布后内容不能再改；要修改须上传新的版本。"),
        cancel_url=reverse("forms:version_detail", args=[pk]), crumbs=_crumbs(version),
    )  # fmt: skip
    return render(request, "ui/page_form.html", {"page": page}, status=422 if form.is_bound else 200)


@requires(FORM_WRITE)
@require_POST
def version_discard(request: HttpRequest, pk: int) -> HttpResponse:
    version = version_for(request.user, pk)

    def act() -> None:
        actions.discard_draft(version=version, by=request.user, at=timezone.now())

    if acted_or_told(request, act, actions.VersionRefused, _("草稿已删除。")):
        return redirect("forms:form_list")
    return redirect("forms:version_detail", pk)


@requires(FORM_WRITE)
def version_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the reason, then take the version out of use."""
    version = version_for(request.user, pk)
    form = WithdrawForm(request.POST or None)

    def act() -> None:
        actions.withdraw_version(version=version, **form.cleaned_data, by=request.user, at=timezone.now())

    if request.method == "POST" and form.is_valid() and acted(form, act, actions.VersionRefused, "reason"):
        messages.success(request, _("已停用。"))
        return redirect("forms:version_detail", pk)
    page = FormPage(
        _("停用打分表"), form, _("停用"),
        consequence=_("停用后不能再用它开始新的检查，前一个未停用的版本重新生效；已有的检查和得分不变。"),
        cancel_url=reverse("forms:version_detail", args=[pk]), crumbs=_crumbs(version),
    )  # fmt: skip
    return render(request, "ui/page_form.html", {"page": page}, status=422 if form.is_bound else 200)


@requires(FORM_READ)
def version_download(request: HttpRequest, pk: int) -> HttpResponse:
    """The form as a workbook, to be read, changed and uploaded again."""
    version = version_for(request.user, pk)
    return _attached(workbook_of(version.definition), f"{version.form.key}-{version.name}.xlsx", MEDIA_TYPES["xlsx"])


@requires(FORM_READ)
def version_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The form as phones get it."""
    version = version_for(request.user, pk)
    return _attached(version.xform.encode(), f"{version.form.key}-{version.name}.xml", "text/xml; charset=utf-8")


def _attached(content: bytes, name: str, type: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=type)
    answer.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return without_data(answer)  # questions, no answers
