"""The public half: checkpoint, tiles, proofs over published hashes, cosignatures, and the page that explains them.

None of it tells what was done, by whom or to what: a leaf is a salted hash.
"""

import re
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from shian.kernel.notary.actions import CosignatureRefused, cosign
from shian.kernel.notary.models import Checkpoint
from shian.kernel.notary.notes import MAX_NOTE, CheckpointText, parse_note
from shian.kernel.notary.permissions import for_everybody
from shian.kernel.notary.queries import (
    bundle,
    checkpoint_note,
    consistency_of,
    cosignatures_of,
    head,
    inclusion_of,
    leaf_of,
    tile_hashes,
    waiting_count,
)
from shian.kernel.notary.tiles import MAX_LEVEL, read_tile_path
from shian.kernel.ui.pages import Callout, Fact, Section

FOREVER = "public, max-age=31536000, immutable"
A_MOMENT = "public, max-age=2"
_HASH = re.compile(r"[0-9a-f]{64}")
_SIZE = re.compile(r"[1-9][0-9]{0,17}")


@for_everybody
@require_GET
def checkpoint_detail(request: HttpRequest) -> HttpResponse:
    """The newest signed head, with the cosignatures of witnesses."""
    answer = HttpResponse(checkpoint_note(_head()), content_type="text/plain; charset=utf-8")
    answer["Cache-Control"] = A_MOMENT
    return answer


@for_everybody
@require_GET
def key_detail(request: HttpRequest) -> HttpResponse:
    """The public keys that signed the newest head, one a line: what an offline verifier needs besides an export."""
    return HttpResponse(f"{_head().keys.strip()}\n", content_type="text/plain; charset=utf-8")


@for_everybody
@require_GET
def script_detail(request: HttpRequest) -> HttpResponse:
    """The script that verifies an export off line, as its source."""
    path = settings.PROJECT / "tools" / "verify_log.py"
    if not path.is_file():
        raise Http404
    return HttpResponse(path.read_text(encoding="utf-8"), content_type="text/plain; charset=utf-8")


@for_everybody
@require_GET
def tile_detail(request: HttpRequest, level: int, address: str) -> HttpResponse:
    """A tile of the tree, full or partial."""
    place = read_tile_path(address)
    found = tile_hashes(level, *place) if place and level <= MAX_LEVEL and _is_exact(request, level) else None
    return _bytes(found)


@for_everybody
@require_GET
def bundle_detail(request: HttpRequest, address: str) -> HttpResponse:
    """The salted hashes of a level-0 tile, each behind its length."""
    place = read_tile_path(address)
    return _bytes(bundle(*place) if place else None)


def _is_exact(request: HttpRequest, level: int) -> bool:
    """The specification knows no leading zeros."""
    return f"/tile/{level}/" in request.path


def _bytes(found: bytes | None) -> HttpResponse:
    if found is None:
        raise Http404
    answer = HttpResponse(found, content_type="application/octet-stream")
    answer["Cache-Control"] = FOREVER
    return answer


@for_everybody
@require_GET
def inclusion_detail(request: HttpRequest) -> HttpResponse:
    """?hash= (64 hexadecimal digits, the leaf's data): its number and its path to the newest checkpoint."""
    asked = request.GET.get("hash", "").lower()
    leaf = leaf_of(bytes.fromhex(asked)) if _HASH.fullmatch(asked) else None
    newest = _head()
    if leaf is None or leaf.number >= newest.size:
        raise Http404
    path = inclusion_of(leaf.number, newest).path
    return JsonResponse({"leaf": leaf.number, **_told(newest), "path": [step.hex() for step in path]})


@for_everybody
@require_GET
def consistency_detail(request: HttpRequest) -> HttpResponse:
    """?old=&new= (sizes): the proof that the newer tree begins with the older one; `new` left out is the newest."""
    newest = _head()
    old, new = request.GET.get("old", ""), request.GET.get("new", str(newest.size))
    if not (_SIZE.fullmatch(old) and _SIZE.fullmatch(new)) or not int(old) <= int(new) <= newest.size:
        raise Http404
    path = consistency_of(int(old), int(new))
    return JsonResponse({"old": int(old), "new": int(new), "path": [step.hex() for step in path]})


def _told(checkpoint: Checkpoint) -> dict[str, Any]:
    return {"size": checkpoint.size, "root": bytes(checkpoint.root).hex(), "checkpoint": checkpoint_note(checkpoint)}


@csrf_exempt
@for_everybody
@require_POST
def cosignature_add(request: HttpRequest) -> HttpResponse:
    """A witness sends a checkpoint of ours with its cosignature line; 200 with the lines kept, 403 for strangers."""
    if int(request.headers.get("Content-Length") or 0) > MAX_NOTE:
        return HttpResponse(status=413)
    try:
        kept = cosign(note=request.body.decode("utf-8"), at=timezone.now())
    except UnicodeDecodeError:
        return HttpResponse("not the text of a note\n", status=400, content_type="text/plain; charset=utf-8")
    except CosignatureRefused as refused:
        return HttpResponse(f"{refused}\n", status=403, content_type="text/plain; charset=utf-8")
    return HttpResponse("".join(each.line for each in kept), content_type="text/plain; charset=utf-8")


def _head() -> Checkpoint:
    newest = head()
    if newest is None:
        raise Http404
    return newest


@for_everybody
@require_GET
def log_detail(request: HttpRequest) -> HttpResponse:
    """What the log is, its newest head, and a field to look a hash up."""
    newest = head()
    asked = request.GET.get("hash", "").strip().lower()
    context = {
        "newest": newest,
        "sections": [_head_section(newest), _key_section(newest)] if newest else [],
        "asked": asked,
        "answer": _looked_up(asked, newest) if asked else None,
        "cosignatures": list(cosignatures_of(newest)) if newest else [],
    }
    return render(request, "notary/log_detail.html", context)


def _head_section(newest: Checkpoint) -> Section:
    return Section(
        _("最新检查点"),
        [
            Fact(_("已存证条数"), newest.size, kind="number"),
            Fact(_("根哈希"), bytes(newest.root).hex(), kind="code", is_copied=True),
            Fact(_("签发时间"), newest.made_at, kind="moment"),
            Fact(_("待入树"), waiting_count(), kind="number", note=_("通常一两秒内入树")),
        ],
    )


def _key_section(newest: Checkpoint) -> Section:
    name = CheckpointText.parse(parse_note(newest.note).text).origin
    keys = [Fact(_("公钥"), key, kind="code", is_copied=True) for key in newest.keys.splitlines()]
    return Section(_("日志与公钥"), [Fact(_("日志名称"), name, kind="code", is_copied=True), *keys])


def _looked_up(asked: str, newest: Checkpoint | None) -> Callout:
    if not _HASH.fullmatch(asked):
        return Callout(_("这不是存证哈希"), _("存证哈希是 64 位十六进制数字，见存证页“叶数据”。"), state="overdue")
    leaf = leaf_of(bytes.fromhex(asked))
    if leaf is None or newest is None or leaf.number >= newest.size:
        return Callout(_("日志中没有这条存证"), _("请核对每一位；刚刚产生的存证请稍候再查。"), state="overdue")
    told = {"number": leaf.number, "size": newest.size}
    return Callout(
        _("日志中有这条存证"),
        _("叶序号 %(number)s，已包含在 %(size)s 条的检查点内。") % told,
        state="done",
    )
