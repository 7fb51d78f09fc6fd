"""The gallery of components and the three error pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseForbidden,
    HttpResponseNotFound,
    HttpResponseServerError,
    JsonResponse,
)
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from shian.kernel.ui import gallery as examples
from shian.kernel.ui import gallery_map

View = Callable[..., HttpResponse]


def may_see_gallery(user: Any) -> bool:
    """Staff of any role may look; accounts of businesses and citizens may not."""
    return bool(getattr(user, "is_staff", False) or getattr(user, "is_superuser", False))


def for_staff(view: View) -> View:
    """States the permission of a page of this app, which stands below accounts and so cannot use its decorators."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_see_gallery(request.user):
            raise PermissionDenied(_("组件页只对工作人员开放。"))
        return view(request, *args, **kwargs)

    guarded.stated_permission = may_see_gallery  # type: ignore[attr-defined]
    return login_required(guarded)


@for_staff
def gallery(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/gallery.html", examples.components(request))


@for_staff
def gallery_pattern(request: HttpRequest, pattern: str) -> HttpResponse:
    """One page pattern with example data: list, record, figure, form or plain."""
    if pattern not in examples.PATTERNS:
        raise Http404
    return render(request, f"ui/page_{pattern}.html", examples.PATTERNS[pattern](request))


@for_staff
def gallery_outline(request: HttpRequest) -> JsonResponse:
    return JsonResponse(gallery_map.outlines())


@for_staff
def gallery_points(request: HttpRequest) -> JsonResponse:
    return JsonResponse(gallery_map.points(float(request.GET.get("zoom", "8"))))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Names the reason that the policy gave, when it gave one."""
    context = {"reason": str(exception or "")}
    return HttpResponseForbidden(render_to_string("ui/403.html", context, request=request))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return HttpResponseNotFound(render_to_string("ui/404.html", request=request))


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without the request: whatever broke it must not break this page too."""
    return HttpResponseServerError(render_to_string("ui/500.html"))
