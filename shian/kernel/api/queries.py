"""Reads of tokens and kept answers."""

from typing import Any

from shian.kernel.api.models import KeptAnswer, Token, TokenQuerySet


def tokens_of(user: Any) -> TokenQuerySet:
    """The user's own tokens, newest first."""
    return Token.objects.visible_to(user).order_by("-id")


def kept_answer(token: int, key: str) -> KeptAnswer | None:
    """The answer under this key, finished, by now."""
    return KeptAnswer.objects.under(token, key).first()
