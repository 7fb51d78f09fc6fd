"""A draw computed again, and the record with which anybody does it."""

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.engine.draws.models import Draw
from shian.engine.draws.permissions import DRAW_READ
from shian.engine.draws.queries import draw_for, record_of, subject_of
from shian.engine.draws.rules.record import first_difference, verify_record
from shian.engine.draws.tables import FINDINGS, PARTS, difference, finding_row
from shian.engine.draws.views.lists import draw_crumbs, draw_tabs
from shian.kernel.accounts.permissions import open_to_all, requires
from shian.kernel.disclosures.door import Door
from shian.kernel.scope.walls import system_scope
from shian.kernel.ui.pages import RecordPage
from shian.kernel.ui.pieces import Action, Callout
from shian.kernel.ui.tables import Table


@requires(DRAW_READ)
def draw_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw again from the stored record and compare, now."""
    draw = draw_for(request.user, pk)
    if draw.frozen_at is None:
        raise Http404(pk)
    findings = verify_record(record_of(draw))
    bad = first_difference(findings)
    if bad is not None:
        note = Callout(_("第一处不一致：%(part)s") % {"part": PARTS[bad.part]}, difference(bad), state="overdue")
    elif any(each.holds is None for each in findings):
        note = Callout(_("到目前为止都一致"), _("后面的步骤完成后再核对。"), state="waiting")
    else:
        note = Callout(_("全部一致"), _("按名册、参数和随机数重新抽取，与记录逐一相同。"), state="done")
    page = RecordPage(
        _("重新计算并核对"),
        crumbs=draw_crumbs(draw),
        tabs=draw_tabs(draw, "check"),
        actions=[Action(_("下载记录"), reverse("draws:record_download", args=[draw.pk]), icon="download")],
    )
    table = Table(FINDINGS, [finding_row(each) for each in findings], id="findings")
    return render(request, "draws/draw_check.html", {"record": page, "note": note, "findings": table})


@requires(DRAW_READ)
def record_download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The whole record as one JSON file, also before it is published."""
    draw = draw_for(request.user, pk)
    if draw.frozen_at is None:
        raise Http404(pk)
    content = json.dumps(record_of(draw), ensure_ascii=False, indent=1).encode()
    answer = HttpResponse(content, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="draw-{draw.pk}.json"'
    return Door.of_page(request).let_out(
        answer, subject=subject_of(draw), title=draw.title, rows=draw.frame_count, at=timezone.now()
    )


@open_to_all
def record_file(request: HttpRequest, uid: Any) -> HttpResponse:
    """The record of a published draw, for everybody."""
    draw = Draw.objects.filter(uid=uid, published_at__isnull=False).first()
    if draw is None:
        raise Http404(str(uid))
    with system_scope():  # whoever reads it: a published record names nobody
        record = record_of(draw)
    return JsonResponse(record, json_dumps_params={"ensure_ascii": False, "indent": 1})
