"""Who asks through the interface, how often, and problem details instead of pages for whatever goes wrong."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.kernel.accounts.models import User
from shian.kernel.accounts.rules import Standing
from shian.kernel.api.actions import enter
from shian.kernel.api.problems import MEDIA_TYPE, Problem, problem_for_status, problem_from, problem_response
from shian.kernel.api.rules import PER_MINUTE, is_token, seconds_left

BELOW = "/api/v1/"


class ApiMiddleware:
    """Stands above whatever asks for a sign-in: below /api/v1/ a session counts for nothing, only the token does.

    The token is read before the view's transaction begins, so that refused requests count too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not request.path_info.startswith(BELOW):
            return response
        if response.status_code >= 400 and response.headers.get("Content-Type") != MEDIA_TYPE:
            response = _as_problem(response)
        if left := getattr(request, "api_left", None):
            response.headers["RateLimit"] = f'"token";r={left[0]};t={left[1]}'
            response.headers["RateLimit-Policy"] = f'"token";q={PER_MINUTE};w=60'
        return response

    def process_view(
        self, request: Any, view: Callable[..., Any], args: tuple[Any, ...], values: dict[str, Any]
    ) -> HttpResponse | None:
        if not getattr(view, "is_api", False):
            return None
        request.user, request.api_entry = AnonymousUser(), None
        try:
            _enter(request)
        except Problem as problem:
            return problem_response(problem)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not request.path_info.startswith(BELOW):
            return None
        problem = problem_from(exception)
        return problem_response(problem) if problem else None


def _enter(request: Any) -> None:
    """The token's owner becomes the request's user. Raises Problem."""
    scheme, _space, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise Problem("unauthenticated", headers={"WWW-Authenticate": "Bearer"})
    now = timezone.now()
    entry = enter(key=key, at=now) if is_token(key) else None
    owner = User.objects.filter(pk=entry.owner).first() if entry else None
    if entry is None or owner is None or owner.standing_at(now) != Standing.OPEN:
        raise Problem("unauthenticated", headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
    left = seconds_left(now)
    request.api_left = (max(PER_MINUTE - entry.spent, 0), left)
    if entry.spent > PER_MINUTE:
        told = _("每个令牌每分钟最多 %(limit)s 次请求。") % {"limit": PER_MINUTE}
        raise Problem("rate-limited", told, headers={"Retry-After": str(left)})
    request.user, request.api_entry = owner, entry


def _as_problem(page: HttpResponseBase) -> HttpResponse:
    """What the router, a guard or a fault of ours answered, told as a problem; its headers are kept."""
    response = problem_response(problem_for_status(page.status_code))
    for name, value in page.headers.items():
        if name not in {"Content-Type", "Content-Length"}:
            response.headers[name] = value
    return response
