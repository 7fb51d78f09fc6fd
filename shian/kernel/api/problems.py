"""Errors as RFC 9457 problem details. Every type has an address that explains it (/api/problems#<key>)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja.errors import HttpError, ValidationError

from shian.kernel.disclosures.door import ReasonNeeded, TooOften
from shian.kernel.ui.states import Text

MEDIA_TYPE = "application/problem+json"
ADDRESS = "/api/problems#"


@dataclass(frozen=True)
class ProblemType:
    """A kind of error: its key, HTTP status, title and what the sender should do."""

    key: str
    status: int
    title: Text
    advice: Text


PROBLEMS = {
    each.key: each
    for each in (
        ProblemType("malformed", 400, gettext_lazy("请求无法读取"),
                    gettext_lazy("请检查请求体是否为所声明格式的完整内容。")),
        ProblemType("idempotency-key-missing", 400, gettext_lazy("缺少幂等键"),
                    gettext_lazy("写入请求须带 Idempotency-Key 头：8 至 128 个可见 ASCII 字符，重试时不变。")),
        ProblemType("unauthenticated", 401, gettext_lazy("未认证"),
                    gettext_lazy("请在 Authorization 头中提供有效的访问令牌；令牌可能已到期或被撤销。")),
        ProblemType("forbidden", 403, gettext_lazy("没有权限"),
                    gettext_lazy("令牌所有人的角色不能进行此操作。")),
        ProblemType("scope-missing", 403, gettext_lazy("令牌权限范围不足"),
                    gettext_lazy("请建立带有所列权限范围的令牌。")),
        ProblemType("not-found", 404, gettext_lazy("没有找到"),
                    gettext_lazy("没有这个对象，或者它在令牌所有人的辖区之外。")),
        ProblemType("method-not-allowed", 405, gettext_lazy("不支持的方法"),
                    gettext_lazy("Allow 头列出此地址支持的方法。")),
        ProblemType("not-acceptable", 406, gettext_lazy("没有所要的格式"), gettext_lazy("请改用 JSON。")),
        ProblemType("conflict", 409, gettext_lazy("当前状态不允许"),
                    gettext_lazy("请先读取对象的当前状态，再决定下一步。")),
        ProblemType("too-large", 413, gettext_lazy("内容过大"), gettext_lazy("请拆分后再发送。")),
        ProblemType("unsupported-media-type", 415, gettext_lazy("不支持的内容格式"),
                    gettext_lazy("请按接口说明设置 Content-Type。")),
        ProblemType("invalid", 422, gettext_lazy("参数或内容不符合要求"),
                    gettext_lazy("errors 逐条列出位置和原因，改正后重新发送。")),
        ProblemType("cursor-invalid", 422, gettext_lazy("游标无效"),
                    gettext_lazy("请从第一页重新开始；游标只能用于给出它的同一查询。")),
        ProblemType("idempotency-key-reused", 422, gettext_lazy("幂等键已用于另一请求"),
                    gettext_lazy("内容不同的请求请换一个新的幂等键。")),
        ProblemType("unusable", 422, gettext_lazy("内容无法使用"),
                    gettext_lazy("请按 detail 的说明改正内容。")),
        ProblemType("rate-limited", 429, gettext_lazy("请求过于频繁"),
                    gettext_lazy("请等待 Retry-After 所示秒数后再试。")),
        ProblemType("server-error", 500, gettext_lazy("服务器内部错误"),
                    gettext_lazy("没有写入任何内容，可以用同一幂等键重试；仍然出现请联系管理员。")),
    )
}  # fmt: skip
BY_STATUS = {400: "malformed", 401: "unauthenticated", 403: "forbidden", 404: "not-found", 405: "method-not-allowed",
             406: "not-acceptable", 409: "conflict", 413: "too-large", 415: "unsupported-media-type", 422: "invalid",
             429: "rate-limited", 500: "server-error"}  # fmt: skip
_REASONS = {
    "missing": gettext_lazy("必填"),
    "string_too_short": gettext_lazy("太短"),
    "string_too_long": gettext_lazy("太长"),
    "string_pattern_mismatch": gettext_lazy("格式不符"),
    "greater_than_equal": gettext_lazy("小于下限"),
    "less_than_equal": gettext_lazy("大于上限"),
    "literal_error": gettext_lazy("不是可选的值"),
    "enum": gettext_lazy("不是可选的值"),
    "extra_forbidden": gettext_lazy("没有这个字段"),
    "too_long": gettext_lazy("项数过多"),
    "too_short": gettext_lazy("项数过少"),
    "json_invalid": gettext_lazy("不是 JSON"),
}
_KINDS = {
    "int": gettext_lazy("应为整数"),
    "float": gettext_lazy("应为数字"),
    "decimal": gettext_lazy("应为数字"),
    "date": gettext_lazy("应为日期（2022-11-24）"),
    "uuid": gettext_lazy("应为 UUID"),
    "bool": gettext_lazy("应为 true 或 false"),
    "string": gettext_lazy("应为文字"),
    "list": gettext_lazy("应为列表"),
    "dict": gettext_lazy("应为对象"),
    "model": gettext_lazy("应为对象"),
}


class Problem(Exception):
    """An error that an endpoint answers with. `key` names its type; `more` are further members of the answer."""

    def __init__(
        self,
        key: str,
        detail: str = "",
        *,
        more: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail or key)
        self.type, self.detail = PROBLEMS[key], detail
        self.more, self.headers = dict(more or {}), dict(headers or {})


def problem_from(error: BaseException) -> Problem | None:
    """The problem that an exception of a view means; None for a fault of ours."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, ValidationError):
        return Problem("invalid", more={"errors": [_told(each) for each in error.errors]})
    if isinstance(error, ReasonNeeded):
        told = {"in": "query", "pointer": "/reason", "detail": _("行数较多或含个人信息，请写明导出理由")}
        return Problem("invalid", more={"errors": [told]})
    if isinstance(error, TooOften):
        return Problem("rate-limited", headers={"Retry-After": str(error.seconds)})
    if isinstance(error, PermissionDenied):
        return Problem("forbidden", str(error))
    if isinstance(error, Http404):
        return Problem("not-found")
    if isinstance(error, RequestDataTooBig):
        return Problem("too-large")
    if isinstance(error, SuspiciousOperation):
        return Problem("malformed")
    if isinstance(error, HttpError):
        return Problem(BY_STATUS.get(error.status_code, "malformed"))
    return None


def problem_for_status(status: int) -> Problem:
    """The problem that stands for an answer which some other part of the program gave."""
    return Problem(BY_STATUS.get(status, "malformed" if status < 500 else "server-error"))


def problem_response(problem: Problem) -> HttpResponse:
    """The answer, in the reader's language."""
    found = problem.type
    body = {
        "type": ADDRESS + found.key,
        "title": str(found.title),
        "status": found.status,
        "detail": str(problem.detail or found.advice),
        **problem.more,
    }
    content = json.dumps(body, ensure_ascii=False)
    return HttpResponse(content, status=found.status, content_type=MEDIA_TYPE, headers=problem.headers)


def _told(error: Mapping[str, Any]) -> dict[str, str]:
    """One error of pydantic: where, as a JSON pointer below the part of the request, and why."""
    place: Sequence[Any] = error.get("loc", ())
    kind = str(error.get("type", ""))
    reason = _REASONS.get(kind) or next((text for name, text in _KINDS.items() if kind.startswith(name)), None)
    steps = [str(step) for step in place]
    return {
        "in": steps[0] if steps else "body",
        "pointer": "/" + "/".join(steps[1:]),
        "detail": str(reason) if reason else _("不符合要求"),
    }
