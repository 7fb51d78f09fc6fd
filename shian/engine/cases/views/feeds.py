"""The calendar of due days: an address with a secret, for calendar programs on phone and desk."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shian.engine.cases.actions import digest_of, end_feed, make_feed
from shian.engine.cases.calendars import calendar_of
from shian.engine.cases.models import CalendarFeed
from shian.engine.cases.permissions import CASE_READ
from shian.engine.cases.queries import feed_of
from shian.kernel.accounts.permissions import open_to_all, requires
from shian.kernel.scope.walls import system_scope
from shian.kernel.ui.pieces import Action, Crumb

FRESH = "calendar_address"  # shown once, on the page after it was made


@requires(CASE_READ)
def feed_detail(request: HttpRequest) -> HttpResponse:
    """Whether there is an address, when it was last read, and the address itself just after it was made."""
    feed, secret = feed_of(request.user), request.session.pop(FRESH, "")
    address = request.build_absolute_uri(reverse("cases:calendar_download", args=[secret])) if secret else ""
    actions = [Action(_("换一个地址") if feed else _("生成地址"), reverse("cases:feed_create"), icon="refresh",
                      kind="primary", method="post")]  # fmt: skip
    if feed:
        actions.append(Action(_("停用"), reverse("cases:feed_end"), icon="ban", kind="danger", method="post",
                              consequence=_("停用后，已订阅的日历不再更新。")))  # fmt: skip
    context = {
        "feed": feed, "address": address, "actions": actions,
        "crumbs": [Crumb(_("待办事项"), reverse("cases:case_list"))],
    }  # fmt: skip
    return render(request, "cases/feed_detail.html", context)


@requires(CASE_READ)
@require_POST
def feed_create(request: HttpRequest) -> HttpResponseBase:
    """A new address; the one before it stops working."""
    request.session[FRESH] = make_feed(user=request.user, at=timezone.now())
    return redirect("cases:feed_detail")


@requires(CASE_READ)
@require_POST
def feed_end(request: HttpRequest) -> HttpResponseBase:
    """The address stops working."""
    end_feed(user=request.user, at=timezone.now())
    messages.success(request, _("日历地址已停用。"))
    return redirect("cases:feed_detail")


@open_to_all
def calendar_download(request: HttpRequest, secret: str) -> HttpResponseBase:
    """The calendar of whoever holds the secret; an unknown one, or one of an account that is over, is not found."""
    feed = CalendarFeed.objects.select_related("user").filter(digest=digest_of(secret)).first()
    if feed is None or not feed.user.is_active:
        raise Http404("calendar")
    with system_scope():  # the secret stands for its user, who is not signed in here
        content = calendar_of(feed.user, timezone.now())
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer.headers["Cache-Control"] = "private, max-age=300"
    return answer
