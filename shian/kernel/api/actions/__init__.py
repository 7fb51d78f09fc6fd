"""Verbs of tokens, and what is written with every request."""

from shian.kernel.api.actions.answers import claim_key, drop_expired_answers, keep_answer
from shian.kernel.api.actions.tokens import NoScope, create_token, enter, revoke_token

__all__ = [
    "NoScope",
    "claim_key",
    "create_token",
    "drop_expired_answers",
    "enter",
    "keep_answer",
    "revoke_token",
]
