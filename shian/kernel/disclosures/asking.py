"""The pages that stand before the door: why, and not so fast."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from shian.kernel.disclosures.forms import ReasonForm
from shian.kernel.disclosures.rules import REASON_ABOVE
from shian.kernel.ui.pages import FormPage


def slowed_down(request: HttpRequest, seconds: int) -> HttpResponseBase:
    """429: so many in so short a time is no work by hand."""
    reason = _("操作过于频繁，请在 %(minutes)s 分钟后再试。") % {"minutes": -(-seconds // 60)}
    answer = render(request, "ui/403.html", {"reason": reason}, status=429)
    answer.headers["Retry-After"] = str(seconds)
    return answer


def asked_why(request: HttpRequest) -> HttpResponseBase:
    """The form for the reason, which comes back by POST to the same address."""
    form = ReasonForm(request.POST if request.method == "POST" else None)
    page = FormPage(
        _("说明导出理由"),
        form,
        _("导出"),
        intro=_("超过 %(rows)s 行或含个人信息的文件须说明理由。列表导出中的个人信息保持遮盖。")
        % {"rows": REASON_ABOVE},
        consequence=_("理由、筛选条件、行数和您的姓名将存证，并列入查看与导出日志。"),
        draft="export-reason",
    )
    return render(request, "ui/page_form.html", {"page": page}, status=422 if form.is_bound else 200)
