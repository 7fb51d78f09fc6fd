"""What a hook is sent: one message over several notices, as its receiver wants it.

Titles, levels, due days and links only: the text of a notice is read inside the system. Robots get plain text, which
holds no markup that a name could smuggle in. Signatures: Standard Webhooks 1.0.0 for the generic kind, the robot's own
for DingTalk; a robot of WeCom is known by its address alone.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from shian.kernel.files.outbound import Answer
from shian.kernel.notices.models import Hook, HookKind, Notice, Push
from shian.kernel.notices.rules import SECRET

MOST_BYTES = {HookKind.WECOM: 2048, HookKind.DINGTALK: 15_000}  # of a robot's text in UTF-8


@dataclass(frozen=True)
class Message:
    """A POST."""

    url: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def message(hook: Hook, pushes: Sequence[Push], at: datetime) -> Message:
    """One message over these pushes, in the reader's language."""
    notices = [push.notice for push in pushes if push.notice is not None]
    with translation.override(getattr(hook.reader, "language", "") or settings.LANGUAGE_CODE):
        if hook.kind == HookKind.GENERIC:
            return _generic(hook, _name(hook, pushes), notices, at)
        content = _text(notices, MOST_BYTES[HookKind(hook.kind)])
    body = _json({"msgtype": "text", "text": {"content": content}})
    url = _signed(hook.url, hook.secret, at) if hook.kind == HookKind.DINGTALK and hook.secret else hook.url
    return Message(url, body, {"Content-Type": "application/json"})


def refusal(hook: Hook, answer: Answer) -> str:
    """What is wrong with the answer, "" when the message was taken. Robots say in the body what they think."""
    if not 200 <= answer.status < 300:
        return f"HTTP {answer.status}: {answer.text[:200]}"
    if hook.kind == HookKind.GENERIC:
        return ""
    try:
        told = json.loads(answer.text)
    except ValueError:
        return f"not JSON: {answer.text[:200]}"
    is_taken = isinstance(told, dict) and told.get("errcode") == 0
    return "" if is_taken else answer.text[:200]


def _generic(hook: Hook, name: str, notices: Sequence[Notice], at: datetime) -> Message:
    told = [
        {
            "id": notice.pk,
            "level": notice.level,
            "title": notice.title,
            "due_on": notice.due_on.isoformat() if notice.due_on else None,
            "link": _link(notice),
        }
        for notice in notices
    ]
    kind = "notices" if notices else "trial"
    body = _json({"type": f"shian.{kind}", "timestamp": at.isoformat(), "data": {"notices": told}})
    headers = {"Content-Type": "application/json", "webhook-id": name, "webhook-timestamp": str(int(at.timestamp()))}
    if hook.secret:
        key = base64.b64decode(hook.secret.removeprefix(SECRET))
        signed = f"{name}.{headers['webhook-timestamp']}.".encode() + body
        headers["webhook-signature"] = f"v1,{_mac(key, signed)}"
    return Message(hook.url, body, headers)


def _name(hook: Hook, pushes: Sequence[Push]) -> str:
    """The same for the same pushes: a receiver may drop what it has had."""
    told = ",".join(str(push.pk) for push in pushes)
    return f"msg_{hashlib.sha256(f'{hook.pk}:{told}'.encode()).hexdigest()[:24]}"


def _text(notices: Sequence[Notice], most: int) -> str:
    """A line for each notice, as many as the robot takes; the rest is counted."""
    if not notices:
        return _("食安：这是一条测试消息。")
    lines = [_("食安：%(count)s 条通知") % {"count": len(notices)}, *map(_line, notices)]
    kept = len(lines)
    while kept > 1 and len(_joined(lines, kept).encode()) > most:
        kept -= 1
    return _joined(lines, kept)


def _joined(lines: Sequence[str], kept: int) -> str:
    left = len(lines) - kept
    return "\n".join([*lines[:kept], *([_("另有 %(count)s 条，请登录系统查看。") % {"count": left}] if left else [])])


def _line(notice: Notice) -> str:
    title = " ".join(notice.title.split()).replace("<", "＜")  # "<@name>" would call a member of the group
    due = f" {notice.due_on}" if notice.due_on else ""
    link = f"\n{_link(notice)}" if _link(notice) else ""
    return f"[{notice.get_level_display()}] {title}{due}{link}"


def _link(notice: Notice) -> str:
    return f"{settings.SHIAN_ADDRESS}{notice.link}" if notice.link and settings.SHIAN_ADDRESS else ""


def _signed(url: str, secret: str, at: datetime) -> str:
    """The address with DingTalk's signature: over the milliseconds and the secret, keyed by the secret."""
    moment = str(int(at.timestamp() * 1000))
    sign = quote(_mac(secret.encode(), f"{moment}\n{secret}".encode()), safe="")
    return f"{url}{'&' if '?' in url else '?'}timestamp={moment}&sign={sign}"


def _mac(key: bytes, text: bytes) -> str:
    return base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()


def _json(told: Any) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode()
