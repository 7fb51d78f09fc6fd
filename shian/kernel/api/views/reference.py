"""The reference of the interface, made from the same description that is served as OpenAPI."""

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shian.kernel.accounts.permissions import any_user, open_to_all, requires
from shian.kernel.api.problems import PROBLEMS
from shian.kernel.api.rendering import schema_text
from shian.kernel.api.site import openapi
from shian.kernel.api.tables import ENDPOINTS, PROBLEM_TYPES, problem_row
from shian.kernel.ui.pages import ListPage
from shian.kernel.ui.pieces import Action, Crumb, Filter, FilterBar
from shian.kernel.ui.tables import Empty, ListQuery, Row, Table


@requires(any_user)
@require_GET
def reference_detail(request: HttpRequest) -> HttpResponse:
    """Every endpoint; ?operation= shows one with its parameters and answers."""
    told = openapi()
    asked = request.GET.get("operation", "")
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            if operation["operationId"] == asked:
                return _operation(request, told, f"{method.upper()} {path}", operation)
    return _all(request, told)


def _all(request: HttpRequest, told: dict[str, Any]) -> HttpResponse:
    wanted = request.GET.get("q", "").strip().lower()
    rows = [
        _row(path, method, operation)
        for path, methods in told["paths"].items()
        for method, operation in methods.items()
        if wanted in f"{path} {operation['summary']} {operation['x-scope']}".lower()
    ]
    page = ListPage(
        _("接口说明"),
        Table(ENDPOINTS, rows, query=ListQuery.read(request.GET, ENDPOINTS), empty=Empty(_("没有符合条件的接口"))),
        unit=_("个"),
        summary=_("每个请求带访问令牌；错误按 RFC 9457 返回；列表按游标翻页；写入须带幂等键。"),
        filters=FilterBar([Filter("q", _("搜索"), "search", value=wanted, placeholder=_("地址或说明"))]),
        actions=[
            Action(_("错误类型"), reverse("api:problem_list"), icon="alert-circle"),
            Action(_("OpenAPI 文件"), reverse("api:schema_detail"), icon="download"),
            Action(_("访问令牌"), reverse("api:token_list"), icon="lock", kind="primary"),
        ],
    )
    return render(request, "ui/page_list.html", {"list": page})


def _row(path: str, method: str, operation: dict[str, Any]) -> Row:
    cells = {
        "method": method.upper(),
        "path": path,
        "title": operation["summary"],
        "scope": operation["x-scope"],
    }
    return Row(cells, url=f"?operation={operation['operationId']}", key=operation["operationId"])


def _operation(request: HttpRequest, told: dict[str, Any], title: str, operation: dict[str, Any]) -> HttpResponse:
    context = {
        "title": title,
        "operation": operation,
        "scope": operation["x-scope"],
        "parameters": [_parameter(each) for each in operation.get("parameters", [])],
        "body": _body(operation.get("requestBody"), told),
        "answers": [_answer(status, each, told) for status, each in operation["responses"].items()],
        "crumbs": [Crumb(_("接口说明"), reverse("api:reference_detail"))],
    }
    return render(request, "api/operation_detail.html", context)


def _parameter(each: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": each["name"],
        "place": each["in"],
        "required": each["required"],
        "kind": schema_text(each["schema"], {}),
        "text": each.get("description", ""),
    }


def _body(found: dict[str, Any] | None, told: dict[str, Any]) -> dict[str, str] | None:
    if not found:
        return None
    kind, content = next(iter(found["content"].items()))
    return {"kind": kind, "schema": schema_text(content["schema"], told["components"]["schemas"])}


def _answer(status: str, found: dict[str, Any], told: dict[str, Any]) -> dict[str, str]:
    content = found.get("content", {})
    schema = next(iter(content.values()))["schema"] if content and not re.match("4", status) else None
    return {
        "status": status,
        "text": found["description"],
        "kind": "、".join(content),
        "schema": schema_text(schema, told["components"]["schemas"]) if schema else "",
    }


@requires(any_user)
@require_GET
def problem_list(request: HttpRequest) -> HttpResponse:
    """What the types of errors mean; the type of an error leads here."""
    page = ListPage(
        _("错误类型"),
        Table(PROBLEM_TYPES, [problem_row(each) for each in PROBLEMS.values()], empty=Empty(_("没有错误类型"))),
        unit=_("种"),
        summary=_("接口的错误按 RFC 9457 返回，type 指向本页。"),
        crumbs=[Crumb(_("接口说明"), reverse("api:reference_detail"))],
    )
    return render(request, "ui/page_list.html", {"list": page})


@open_to_all
@require_GET
def schema_detail(request: HttpRequest) -> HttpResponse:
    """The description as OpenAPI 3.1; it holds no data."""
    from shian.kernel.api.rendering import openapi_text

    return HttpResponse(openapi_text(openapi()), content_type="application/json")
