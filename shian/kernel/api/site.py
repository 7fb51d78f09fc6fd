"""The interface as a whole: one NinjaAPI over all registered routers, and its description as OpenAPI 3.1."""

from copy import deepcopy
from functools import lru_cache
from typing import Any, NoReturn

from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.translation import override
from ninja import NinjaAPI
from ninja.operation import Operation, PathView

from shian import __version__
from shian.kernel.api.problems import MEDIA_TYPE, PROBLEMS
from shian.kernel.api.registry import api_areas

READ_PROBLEMS = (401, 403, 404, 422, 429)
WRITE_PROBLEMS = (400, 401, 403, 404, 409, 413, 415, 422, 429)
DESCRIPTION = (
    "Registers, figures and results of the food-safety campaign for programs. A token is its owner, within its scopes. "
    "Names, numbers and addresses of persons are masked as on pages. See docs/api.md."
)
PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem details.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "enum": sorted(f"/api/problems#{key}" for key in PROBLEMS)},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "scope": {"type": "string", "description": "The scope that the token lacks."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["in", "pointer", "detail"],
                "properties": {
                    "in": {"type": "string"},
                    "pointer": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}


class ShianApi(NinjaAPI):
    """Lets exceptions leave the view, so that its transaction is rolled back; middleware.py answers them."""

    def on_exception(self, request: HttpRequest, exc: Any) -> NoReturn:
        raise exc


@lru_cache(maxsize=1)
def api() -> ShianApi:
    """The one interface of this process. Built once: ninja refuses a router that is mounted twice."""
    site = ShianApi(title="Shian", version="1", description=DESCRIPTION, openapi_url=None, urls_namespace="api-v1")
    for area in api_areas().values():
        site.add_router(f"/{area.key}", area.router)  # type: ignore[arg-type]
    return site


def api_urls() -> list[URLPattern]:
    """The endpoints, each marked for the middlewares: no session, no sign-in page."""
    patterns = [entry for entry in api().urls[0] if isinstance(entry, URLPattern) and entry.name != "api-root"]
    for entry in patterns:
        entry.callback.is_api, entry.callback.login_required = True, False  # type: ignore[attr-defined]
    return patterns


def operations() -> list[tuple[str, Operation]]:
    """(path below /api/v1, operation) of every endpoint."""
    found: list[tuple[str, Operation]] = []
    for bound in api()._get_bound_routers():
        for path, view in bound.path_operations.items():
            assert isinstance(view, PathView)
            found += [(f"{bound.prefix}{path}".replace("//", "/"), operation) for operation in view.operations]
    return found


def openapi() -> dict[str, Any]:
    """The description of the interface: every answer, errors included. The same whatever the reader's language."""
    return deepcopy(_described())


@lru_cache(maxsize=1)
def _described() -> dict[str, Any]:
    """Put together once: that takes an eighth of a second."""
    with override("en"):
        told: dict[str, Any] = _plain(dict(api().get_openapi_schema(path_prefix="api/v1/")))
    told["info"] |= {"version": __version__, "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}}
    told["jsonSchemaDialect"] = "https://json-schema.org/draft/2020-12/schema"
    told["security"] = [{"token": []}]
    told.pop("servers", None)
    components = told["components"]
    components["schemas"]["Problem"] = PROBLEM
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "Made under 我的账户"}
    }
    for methods in told["paths"].values():
        for method, operation in methods.items():
            _complete(operation, is_write=method != "get")
    _prune(told)
    return told


def _complete(operation: dict[str, Any], *, is_write: bool) -> None:
    """Add the answers that every endpoint may give."""
    responses = operation["responses"]
    for status in WRITE_PROBLEMS if is_write else READ_PROBLEMS:
        titles = sorted(str(each.key) for each in PROBLEMS.values() if each.status == status)
        content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        responses[str(status)] = {"description": ", ".join(titles), "content": content}
    if not is_write:
        responses["304"] = {"description": "Not Modified (If-None-Match)"}
    operation["responses"] = dict(sorted(responses.items()))


def _prune(told: dict[str, Any]) -> None:
    """Drop the schemas that nothing refers to: ninja keeps those of query parameters."""
    schemas, known = told["components"]["schemas"], set[str]()
    waiting = _references(told["paths"])
    while waiting:
        name = waiting.pop()
        known.add(name)
        waiting |= _references(schemas[name]) - known
    told["components"]["schemas"] = {name: schemas[name] for name in sorted(known)}


def _references(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {str(value["$ref"]).rpartition("/")[2]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*map(_references, value.values()))
    return set().union(*map(_references, value)) if isinstance(value, list) else set()


def _plain(value: Any) -> Any:
    """Keys as texts, lazy texts as texts, as JSON has them."""
    if isinstance(value, dict):
        return {str(getattr(key, "value", key)): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value if isinstance(value, int | float | bool | None.__class__) else str(value)
