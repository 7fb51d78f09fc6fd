"""What a view that hands out rows wears: a reason is asked for where one is needed, and passed on where it was given.

@requires(LEDGER_EXPORT)
@asks_reason
def row_export(request, key):
    made = make_export(..., reason=stated_reason(request))      # raises ReasonNeeded as soon as one is needed
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.kernel.disclosures.forms import ReasonForm
from shian.kernel.disclosures.models import Kind
from shian.kernel.disclosures.queries import wait_before
from shian.kernel.disclosures.rules import REASON_ABOVE
from shian.kernel.ui.pages import FormPage

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


class ReasonNeeded(Exception):
    """The export is large or holds personal data, and nobody said why."""


def asks_reason(view: View[P]) -> View[P]:
    """Answer ReasonNeeded with a page that asks; the reason comes back by POST to the same address."""

    @wraps(view)
    def asking(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if seconds := wait_before(Kind.EXPORT, request.user, timezone.now()):
            return slowed_down(request, seconds)
        try:
            return view(request, *args, **kwargs)
        except ReasonNeeded:
            return _asked(request)

    return cast("View[P]", asking)


def slowed_down(request: HttpRequest, seconds: int) -> HttpResponseBase:
    """429: so many in so short a time is no work by hand."""
    reason = _("操作过于频繁，请在 %(minutes)s 分钟后再试。") % {"minutes": -(-seconds // 60)}
    answer = render(request, "ui/403.html", {"reason": reason}, status=429)
    answer.headers["Retry-After"] = str(seconds)
    return answer


def stated_reason(request: HttpRequest) -> str:
    """The reason that came with the request; "" for none. Only a POST of our own form can state one."""
    if request.method != "POST":
        return ""
    form = ReasonForm(request.POST)
    return str(form.cleaned_data["reason"]) if form.is_valid() else ""


def _asked(request: HttpRequest) -> HttpResponseBase:
    form = ReasonForm(request.POST if request.method == "POST" else None)
    page = FormPage(
        _("说明导出理由"),
        form,
        _("导出"),
        intro=_("超过 %(rows)s 行或含个人信息的导出须说明理由。个人信息在导出文件中保持遮盖。")
        % {"rows": REASON_ABOVE},
        consequence=_("理由、筛选条件、行数和您的姓名将存证，并列入查看与导出日志。"),
        draft="export-reason",
    )
    return render(request, "ui/page_form.html", {"page": page}, status=422 if form.is_bound else 200)
