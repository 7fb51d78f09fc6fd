"""Logs refusals after the rollback of the request that was refused."""

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from shian.kernel.notary.actions import seal
from shian.kernel.scope.models import OutOfReach


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
