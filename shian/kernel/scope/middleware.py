"""Whose reach the database is told for the length of a request; and refusals, logged after their rollback."""

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from shian.kernel.notary.actions import seal
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.walls import NOBODY, Bounds, bounded_by


class BoundsMiddleware:
    """Guarded tables show what the request's user reaches; stands below the one that knows the user.

    A body that is streamed after this finds guarded tables empty: what it tells is read before.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with bounded_by(lambda: _bounds(request)):
            return self.get_response(request)


def _bounds(request: HttpRequest) -> Bounds:
    """Asked anew for each statement: the user may have signed in a moment ago; the reach is kept on the user."""
    user = request.user
    return Bounds(user=user.pk, reach=reach_of(user)) if user.is_authenticated else NOBODY


class RefusalLogMiddleware:
    """Seals one entry for each attempt at a row beyond the user's reach; the answer stays a plain 404."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Called outside the view's transaction, which has been rolled back by now."""
        if not isinstance(exception, OutOfReach):
            return
        with transaction.atomic():
            seal(
                action="scope.refused",
                by=request.user.get_username(),
                subject=exception.subject,
                data={"method": request.method or "", "path": request.path},
                at=timezone.now(),
            )
