"""Replies to proposals that may be read by anybody: only those that went out, and with consent."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from shian.domains.campaign.queries.replies import public_replies, public_reply
from shian.engine.cases.models import Case
from shian.kernel.accounts.permissions import open_to_all
from shian.kernel.ui.pieces import Fact, Section
from shian.kernel.ui.tables import Column, Empty, Row, Table

COLUMNS = (
    Column("title", gettext_lazy("建议提案"), is_wide=True, is_fixed=True),
    Column("kind", gettext_lazy("类别")),
    Column("unit", gettext_lazy("承办单位")),
    Column("grade", gettext_lazy("办理结果")),
)


@open_to_all
@require_safe
def reply_list(request: HttpRequest) -> HttpResponse:
    """The published replies."""
    table = Table(COLUMNS, [_row(each) for each in public_replies()], empty=Empty(_("现在没有公开的答复")))
    return render(request, "public/reply_list.html", {"table": table})


@open_to_all
@require_safe
def reply_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One reply with the day of its figures. Not found unless it may be read by anybody."""
    found = public_reply(pk)
    if found is None:
        raise Http404(pk)
    case, reply = found
    facts = [
        Fact(_("类别"), case.data.get("kind")),
        Fact(_("届次"), case.data.get("session")),
        Fact(_("原编号"), case.data.get("original_no")),
        Fact(_("承办单位"), str(case.unit or "")),
        Fact(_("办理结果"), case.data.get("result_grade")),
    ]
    figures = [Fact(each["title"], each["text"], note=_("截至 %(day)s") % {"day": each["as_of"]})
               for each in reply.figures]  # fmt: skip
    sections = [Section(_("办理情况"), facts), *([Section(_("正文中的数字"), figures)] if figures else [])]
    return render(request, "public/reply_detail.html", {"case": case, "reply": reply, "sections": sections})


def _row(case: Case) -> Row:
    cells = {
        "title": case.title,
        "kind": case.data.get("kind"),
        "unit": str(case.unit or ""),
        "grade": case.data.get("result_grade"),
    }
    return Row(cells, url=reverse("public_replies:reply_detail", args=[case.pk]))
