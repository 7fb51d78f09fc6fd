"""The shell, what a browser needs to keep it (service worker, manifest), who is signed in, and what is assigned."""

import hashlib
import json
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from shian.engine.forms.datasets import nearby_of
from shian.engine.forms.permissions import FORM_FILL
from shian.kernel.accounts.permissions import open_to_all, requires
from shian.kernel.ui.build import MAIN, built_files, built_text
from shian.portals.field.queries import work_of

ISLAND, WORKER = "frontend/islands/field/index.ts", "frontend/workers/field.ts"
ICONS = {"ui/icon-192.png": "192x192", "ui/icon-512.png": "512x512"}
BUILD = "X-Shian-Build"
DRAWN = (
    "alert-triangle", "arrow-left", "calendar-due", "camera", "check", "chevron-right", "circle-check", "clock",
    "download", "edit", "folder", "inbox", "info-circle", "list-check", "lock", "map-pin", "plus", "refresh", "search",
    "trash", "upload", "x",
)  # fmt: skip


@requires(FORM_FILL)
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The page: nothing personal stands in it, so that the browser may keep it for whoever signs in."""
    return _shell(request)


@open_to_all
@require_GET
def shell_detail(request: HttpRequest) -> HttpResponse:
    """The same, for the service worker, which keeps it for when there is no network or no session."""
    return _shell(request)


def _shell(request: HttpRequest) -> HttpResponse:
    answer = render(request, "field/home.html", {"props": _addresses(), "icons": DRAWN})
    answer[BUILD] = _build()
    return answer


def _addresses() -> dict[str, str]:
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


def _files() -> list[str]:
    """Everything that the page loads, by its address."""
    return [static(each) for each in [*built_files(MAIN, ISLAND), "ui/mark.svg", *ICONS]]


def _build() -> str:
    """A name that changes with any file of the page (their names tell their content), its frame or the worker."""
    with override(settings.LANGUAGE_CODE):
        frame = render_to_string("field/home.html", {"props": _addresses(), "icons": DRAWN})
    return hashlib.sha256("\n".join([*_files(), frame, built_text(WORKER)]).encode()).hexdigest()[:16]


@open_to_all
@require_GET
def worker_download(request: HttpRequest) -> HttpResponse:
    """The service worker: the built script, with the list of what it keeps on top."""
    script = built_text(WORKER)
    if not script:
        raise Http404("not built")
    told = {
        "build": _build(), "page": reverse("field:shell_detail"), "home": reverse("field:home"), "files": _files(),
        "manifest": reverse("field:manifest_download"),
    }  # fmt: skip
    answer = HttpResponse(f"self.SHELL = {json.dumps(told)}\n{script}", content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


@open_to_all
@require_GET
def manifest_download(request: HttpRequest) -> JsonResponse:
    """What a phone shows of the page once it is installed."""
    told: dict[str, Any] = {
        "id": reverse("field:home"),
        "start_url": reverse("field:home"),
        "scope": reverse("field:home"),
        "name": _("食安现场检查"),
        "short_name": _("现场检查"),
        "lang": get_language(),
        "display": "standalone",
        "background_color": "#f5f7f7",
        "theme_color": "#0b6a6a",
        "icons": [
            {"src": static(name), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for name, sizes in ICONS.items()
            for purpose in ("any", "maskable")
        ],
    }
    return JsonResponse(told, content_type="application/manifest+json")


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
