"""The shell, what a browser needs to keep it (service worker, manifest), who is signed in, and what is assigned."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from shian.engine.forms.datasets import nearby_of
from shian.engine.forms.permissions import FORM_FILL
from shian.kernel.accounts.permissions import open_to_all, requires
from shian.kernel.ui.shells import Shell
from shian.portals.field.queries import work_of

DRAWN = (
    "alert-triangle", "arrow-left", "calendar-due", "camera", "check", "chevron-right", "circle-check", "clock",
    "download", "edit", "folder", "inbox", "info-circle", "list-check", "lock", "map-pin", "plus", "refresh", "search",
    "trash", "upload", "x",
)  # fmt: skip


def addresses() -> dict[str, str]:
    """Addresses that the page speaks to; VERSION and INSTANCE are filled in there."""
    version, instance = "0", "INSTANCE"
    return {
        "home": reverse("field:home"),
        "worker": reverse("field:worker_download"),
        "session": reverse("field:session_read"),
        "assignments": reverse("field:assignment_read"),
        "list": reverse("field:dataset_read", args=["LIST"]),
        "survey": reverse("forms:version_read", args=[version]).replace("/0/", "/VERSION/"),
        "submission": reverse("forms:submission_create", args=[version, instance]).replace("/0/", "/VERSION/"),
        "submissions": reverse("forms:submission_list"),
        "login": reverse("account_login"),
        "logout": reverse("account_logout"),
        "language": reverse("set_language"),
    }


SHELL = Shell(
    template="field/home.html", island="frontend/islands/field/index.ts", icons=DRAWN, addresses=addresses,
    home="field:home", frame="field:shell_detail", manifest="field:manifest_download", cache="shian-field-",
)  # fmt: skip


@requires(FORM_FILL)
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The page: nothing personal stands in it, so that the browser may keep it for whoever signs in."""
    return SHELL.page(request)


@open_to_all
@require_GET
def shell_detail(request: HttpRequest) -> HttpResponse:
    """The same, for the service worker, which keeps it for when there is no network or no session."""
    return SHELL.page(request)


@open_to_all
@require_GET
def worker_download(request: HttpRequest) -> HttpResponse:
    """The service worker, with the list of what it keeps."""
    return SHELL.worker()


@open_to_all
@require_GET
def manifest_download(request: HttpRequest) -> JsonResponse:
    """What a phone shows of the page once it is installed."""
    return SHELL.installed(_("食安现场检查"), _("现场检查"))


@open_to_all
@never_cache
@require_GET
def session_read(request: HttpRequest) -> JsonResponse:
    """Who is signed in (`user` None: nobody), the token for posts, and the server's time, by which the page measures
    its device's clock."""
    user: Any = request.user
    told: dict[str, Any] = {"user": None, "now": timezone.now().isoformat()}
    if user.is_authenticated:
        told |= {
            "user": user.pk, "name": user.display_name or user.username, "can_fill": FORM_FILL(user).allowed,
            "token": get_token(request),
        }  # fmt: skip
    return JsonResponse(told)


@requires(FORM_FILL)
@never_cache
@require_GET
def assignment_read(request: HttpRequest) -> JsonResponse:
    """What the user takes along today."""
    return JsonResponse(work_of(request.user, timezone.localdate()))


@requires(FORM_FILL)
@never_cache
@require_GET
def dataset_read(request: HttpRequest, name: str) -> JsonResponse:
    """What a form without an assignment may choose from: `rows` of key and label, how many there are, the most that are
    taken along. The page asks once a day."""
    found = nearby_of(name, request.user, timezone.localdate())
    if found is None:
        raise Http404(name)
    return JsonResponse({"rows": found.rows, "count": found.count, "most": found.most})
