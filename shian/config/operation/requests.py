"""One log line per request, and an id that ties every line of a request together."""

import logging
import re
import time
import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

from shian.config.operation.logs import without_secrets

logger = logging.getLogger("shian.requests")
SANE = re.compile(r"[A-Za-z0-9_-]{8,64}")
QUIET = ("/health/", "/static/", "/metrics")


class RequestLogMiddleware:
    """Takes the id of the proxy in front (X-Request-ID) or makes one; the answer carries it too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        name = given if SANE.fullmatch(given) else uuid.uuid4().hex
        began = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=name):
            answer = self.get_response(request)
            answer["X-Request-ID"] = name
            if not request.path.startswith(QUIET):
                _tell(request, answer.status_code, time.perf_counter() - began)
        return answer


def _tell(request: HttpRequest, status: int, took: float) -> None:
    user = getattr(request, "user", None)
    facts = {
        "method": request.method,
        "path": without_secrets(request.path),
        "status": status,
        "ms": round(took * 1000, 1),
        "user": user.get_username() if user is not None else "",
    }
    logger.log(logging.ERROR if status >= 500 else logging.INFO, "request", extra=facts)
