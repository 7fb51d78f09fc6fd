"""Routers whose endpoints cannot be declared without scope and policy, and what surrounds every call.

Order: scope, policy, known parameters, idempotency key (writes), the endpoint, validator and link (reads). An exception
leaves the view as it is, so that the request's transaction is rolled back; the middleware turns it into a problem.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial, wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from ninja import Router
from ninja.decorators import decorate_view
from ninja.operation import Operation

from shian.kernel.accounts.permissions import Policy, check
from shian.kernel.api.actions import claim_key, keep_answer
from shian.kernel.api.problems import Problem
from shian.kernel.api.queries import kept_answer
from shian.kernel.api.registry import Gate
from shian.kernel.api.rules import etag_of, is_idempotency_key, request_digest

Run = Callable[..., HttpResponseBase]
KEY_HEADER = "Idempotency-Key"
_KEY_PARAMETER = {
    "in": "header",
    "name": KEY_HEADER,
    "required": True,
    "schema": {"type": "string", "minLength": 8, "maxLength": 128, "pattern": "^[!-~]{8,128}$"},
    "description": "8–128 printable ASCII characters, new for each deed, the same when it is tried again.",
}


class ApiRouter(Router):
    """The endpoints of one area of the interface."""

    def __init__(self, area: str) -> None:
        super().__init__(tags=[area])
        self.area = area
        self.gates: list[Gate] = []

    def read(
        self, path: str, *, policy: Policy, response: Any = None, produces: Sequence[str] = ()
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """A GET. `produces` names the media types of an answer that is a file; it has no `response` then."""
        extra = {"responses": {200: {"content": {kind: {"schema": _BINARY} for kind in produces}}}} if produces else {}
        return self._declared("GET", path, Gate(self.area, policy), response or {200: None}, extra)

    def write(self, path: str, *, policy: Policy, response: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """A POST with an idempotency key."""
        extra = {"parameters": [_KEY_PARAMETER]}
        return self._declared("POST", path, Gate(self.area, policy, is_write=True), response, extra)

    def _declared(
        self, method: str, path: str, gate: Gate, response: Any, extra: dict[str, Any]
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        self.gates.append(gate)

        def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
            contribute = partial(_surround, gate=gate)
            view._ninja_contribute_to_operation = [contribute]  # type: ignore[attr-defined]
            # The first line of the docstring is the title; what follows explains.
            title, _line, text = (view.__doc__ or view.__name__).partition("\n")
            options: dict[str, Any] = {"response": response, "openapi_extra": {**extra, "x-scope": gate.scope}}
            name = f"{self.area}_{view.__name__}"
            told: dict[str, Any] = {
                "operation_id": name,
                "summary": title.strip().rstrip("."),
                "description": _dedented(text),
            }
            return self.api_operation([method], path, **told, **options)(view)

        return decorate


_BINARY = {"type": "string", "format": "binary"}


def _dedented(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().splitlines())


def gate_of(operation: Operation) -> Gate | None:
    """The gate before an operation; None for one that was declared past ApiRouter, which a test refuses."""
    found: Gate | None = getattr(operation.run, "gate", None)
    return found


def _surround(operation: Operation, *, gate: Gate) -> None:
    """Put the gate around the operation; ninja does it again for each copy it makes."""
    names = query_names(operation)

    def decorate(run: Run) -> Run:
        inner = _idempotent(run) if gate.is_write else _validated(run)

        @wraps(run)
        def guarded(request: HttpRequest, **values: Any) -> HttpResponseBase:
            _refuse_beyond_scope(request, gate)
            check(gate.policy, request.user)
            _refuse_unknown(request, names)
            return inner(request, **values)

        guarded.gate = gate  # type: ignore[attr-defined]
        return guarded

    decorate_view(decorate)(_Holder(operation))  # type: ignore[type-var]


class _Holder:
    """What ninja's decorate_view takes for a view that has been declared."""

    def __init__(self, operation: Operation) -> None:
        self._ninja_operation = operation


def query_names(operation: Operation) -> frozenset[str]:
    """The query parameters that an operation knows."""
    names: set[str] = set()
    for model in operation.models:
        if model.__ninja_param_source__ == "query":
            names |= {str(name) for name in model.__ninja_flatten_map__}
    return frozenset(names)


def _refuse_beyond_scope(request: Any, gate: Gate) -> None:
    if gate.scope not in request.api_entry.scopes:
        raise Problem(
            "scope-missing",
            _("此操作需要权限范围 %(scope)s。") % {"scope": gate.scope},
            more={"scope": gate.scope},
            headers={"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{gate.scope}"'},
        )


def _refuse_unknown(request: HttpRequest, names: Iterable[str]) -> None:
    """A misspelt filter would silently answer with everything. A NUL is in no text that the database holds."""
    unknown = sorted(set(request.GET) - set(names))
    if unknown:
        told = [{"in": "query", "pointer": f"/{name}", "detail": _("没有这个参数")} for name in unknown]
        raise Problem("invalid", more={"errors": told})
    if any("\0" in value for values in request.GET.lists() for value in values[1]):
        raise Problem("invalid")


def _validated(run: Run) -> Run:
    """Answers to reads carry an ETag, and are not sent again to whoever has them."""

    @wraps(run)
    def answered(request: HttpRequest, **values: Any) -> HttpResponseBase:
        response = run(request, **values)
        response.headers["Cache-Control"] = "private, no-cache"
        patch_vary_headers(response, ("Authorization", "Accept-Language"))
        if link := getattr(request, "next_page", ""):
            response.headers["Link"] = f'<{link}>; rel="next"'
        if response.streaming or response.status_code != 200:
            return response
        assert isinstance(response, HttpResponse)
        etag = etag_of(response.content)
        known = [each.strip() for each in request.headers.get("If-None-Match", "").split(",")]
        if etag in known or "*" in known:
            kept = {name: value for name, value in response.headers.items() if name != "Content-Type"}
            response = HttpResponse(status=304, headers=kept)
            del response.headers["Content-Type"]
        response.headers["ETag"] = etag
        return response

    return answered


def _idempotent(run: Run) -> Run:
    """One effect for one key: the answer is kept in the transaction of the effect and given again when asked again."""

    @wraps(run)
    def once(request: Any, **values: Any) -> HttpResponseBase:
        key = request.headers.get(KEY_HEADER, "")
        if not is_idempotency_key(key):
            raise Problem("idempotency-key-missing")
        token = request.api_entry.token
        digest = request_digest(request.method, request.get_full_path(), _parts(request))
        place = claim_key(token=token, key=key, digest=digest, at=timezone.now())
        if place is None:
            return _again(token, key, digest)
        response = run(request, **values)
        assert isinstance(response, HttpResponse)
        location = response.headers.get("Location", "")
        keep_answer(place=place, status=response.status_code, content=response.content.decode(), location=location)
        return response

    return once


def _again(token: int, key: str, digest: str) -> HttpResponse:
    kept = kept_answer(token, key)
    if kept is None or not kept.status:
        raise Problem("conflict", headers={"Retry-After": "1"})
    if kept.digest != digest:
        raise Problem("idempotency-key-reused")
    headers = {"Idempotency-Replayed": "true", **({"Location": kept.location} if kept.location else {})}
    return HttpResponse(
        kept.content, status=kept.status, content_type="application/json; charset=utf-8", headers=headers
    )


def _parts(request: HttpRequest) -> Iterable[bytes]:
    """The body in parts that stay the same when it is sent again: a form's boundary does not."""
    if request.content_type != "multipart/form-data":
        yield request.body
        return
    for name in sorted(request.POST):
        yield from (name.encode(), *(value.encode() for value in request.POST.getlist(name)))
    for name in sorted(request.FILES):
        for upload in request.FILES.getlist(name):
            yield from (name.encode(), (upload.name or "").encode(), *upload.chunks())
            upload.seek(0)
