"""The private half: an entry with its salt and proof, for whoever may open the record, and exports."""

import tempfile
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from shian.kernel.notary.actions import NothingSealed, export_log, export_record
from shian.kernel.notary.deeds import deed_text
from shian.kernel.notary.leaving import door_of
from shian.kernel.notary.models import Entry
from shian.kernel.notary.permissions import for_signed_in
from shian.kernel.notary.proofs import Proof, proof_of
from shian.kernel.notary.queries import head, numbered
from shian.kernel.notary.subjects import audits, may_see, may_see_subject
from shian.kernel.ui.actors import actor
from shian.kernel.ui.pages import Action, Callout, Crumb, Fact, RecordPage, Section

WHOLE_LOG = ("name",)  # who did what when, of everybody
SPOOLED = 16 * 1024 * 1024


def _visible_entry(request: HttpRequest, uid: UUID) -> Entry:
    """The entry, or 404 for whoever may not see it: that it exists is nobody else's business."""
    entry = numbered(Entry.objects.filter(uid=uid)).first()
    if entry is None or not may_see(request.user, entry):
        raise Http404
    return entry


@for_signed_in
@require_GET
def proof_detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Salt, canonical entry, path and checkpoint as JSON: all that is needed to verify it anywhere."""
    proof = proof_of(_visible_entry(request, uid))
    return JsonResponse(proof.as_json(), json_dumps_params={"ensure_ascii": False, "indent": 1})


@for_signed_in
@require_GET
def entry_detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The seal of one deed, verified before it is shown."""
    entry = _visible_entry(request, uid)
    proof = proof_of(entry)
    state, label = _standing(proof)
    page = RecordPage(
        title=_("存证 %(seal)s") % {"seal": entry.seal},
        state=state,
        state_label=label,
        crumbs=[Crumb(_("透明日志"), reverse("notary:log_detail"))],
        actions=_actions(request.user, entry, proof),
        sections=[_sealed(entry), _place(proof)],
    )
    told = proof.as_json()
    context = {
        "entry": told["entry"],
        "path": told.get("path", []),
        "checkpoint": told.get("checkpoint"),
        "keys": told.get("keys", []),
        "verify_props": {"proof": reverse("notary:proof_detail", args=[entry.uid])},
        "callout": _callout(proof),
    }
    return render(request, "notary/entry_detail.html", {"record": page, **context})


def _callout(proof: Proof) -> Callout | None:
    if proof.problem == "entry":
        body = _("数据库中的内容算不出已公布的叶数据：内容在封存之后被改动。")
        return Callout(_("本条目的内容与封存时不一致"), body, state="overdue")
    if proof.problem:
        return Callout(_("检查点签名无效"), _("检查点与它的公钥不符。"), state="overdue")
    return None


def _standing(proof: Proof) -> tuple[str, str]:
    if proof.problem:
        return "overdue", _("验证失败")
    return ("done", _("已验证")) if proof.inclusion else ("waiting", _("待入树"))


def _actions(user: Any, entry: Entry, proof: Proof) -> list[Action]:
    if proof.inclusion is None:
        return []
    made = [Action(_("下载证明"), reverse("notary:proof_detail", args=[entry.uid]), icon="download")]
    if may_see_subject(user, entry.subject):
        url = f"{reverse('notary:record_export')}?subject={entry.subject}"
        made.append(Action(_("导出本记录存证"), url, icon="file-export"))
    return made


def _sealed(entry: Entry) -> Section:
    rows = [] if entry.rows_count is None else [Fact(_("批次行数"), entry.rows_count, kind="number")]
    return Section(
        _("所封内容"),
        [
            Fact(_("操作"), deed_text(entry.action), note=entry.action),
            Fact(_("对象"), entry.subject, kind="code"),
            Fact(_("操作人"), actor(entry.actor)),
            Fact(_("操作时间"), entry.at, kind="moment"),
            *rows,
        ],
    )


def _place(proof: Proof) -> Section:
    if proof.inclusion is None:
        return Section(_("入树"), [Fact(_("状态"), _("待入树"), state="waiting")], note=_("通常一两秒内入树。"))
    checkpoint, first = proof.inclusion.checkpoint, proof.first
    return Section(
        _("入树"),
        [
            Fact(_("叶序号"), proof.inclusion.number, kind="number"),
            Fact(_("叶数据"), proof.leaf_data.hex(), kind="code", is_copied=True),
            Fact(_("首次签发"), first.made_at if first else None, kind="moment"),
            Fact(_("检查点"), _("%(size)s 条") % {"size": f"{checkpoint.size:,}"}, note=_("与其根哈希核对无误")),
            Fact(_("根哈希"), bytes(checkpoint.root).hex(), kind="code", is_copied=True),
        ],
    )


@for_signed_in
@require_http_methods(["GET", "POST"])
def record_export(request: HttpRequest) -> HttpResponseBase:
    """?subject=: a zip that proves all that was sealed about a record; without one, of the whole log as far as the
    user may see it."""
    subject, at = request.GET.get("subject", ""), timezone.now()
    if subject and not may_see_subject(request.user, subject):
        raise Http404
    if not subject:
        _refuse_unless_auditor(request.user)
    door = door_of(request)
    if not subject:
        door.check(_length(), WHOLE_LOG, is_masked=False)
    out = tempfile.SpooledTemporaryFile(max_size=SPOOLED)  # noqa: SIM115 - the answer closes it
    by = request.user.get_username()
    try:
        if subject:
            told = export_record(subject=subject, to=out, by=by, at=at)
        else:
            told = export_log(user=request.user, to=out, by=by, at=at)
    except NothingSealed:
        out.close()
        raise Http404 from None
    out.seek(0)
    return door.let_out(
        FileResponse(out, as_attachment=True, filename=_file_name(at), content_type="application/zip"),
        subject=subject or "notary.log:all",
        title=_("存证 %(subject)s") % {"subject": subject or _("整本日志")},
        rows=told.entries,
        personal=() if subject else WHOLE_LOG,
        is_masked=False,
        facts={_("文件数"): str(told.files)},
        at=at,
    )


def _length() -> int:
    newest = head()
    return newest.size if newest else 0


def _refuse_unless_auditor(user: Any) -> None:
    """The whole log is read by who audits it, here; at the command line by whoever runs the machine."""
    if not audits(user):
        raise PermissionDenied(_("整本日志的导出只对审计管理员开放。"))


def _file_name(at: datetime) -> str:
    return f"seals-{timezone.localtime(at):%Y%m%d-%H%M%S}.zip"
