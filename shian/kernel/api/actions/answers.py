"""Answers kept under the sender's key. Evidence of the deed itself is the deed's own seal."""

from datetime import datetime
from typing import Any

from django.db import connection

from shian.kernel.api.models import KeptAnswer
from shian.kernel.api.rules import ANSWERS_KEPT

# A second request with the same key waits here until the first one's transaction has ended: then it finds its answer,
# or, when that one was rolled back, takes its place. An answer past its time makes room.
CLAIM = """
INSERT INTO api_keptanswer (token_id, key, digest, status, content, location, created_at, expires_at)
VALUES (%(token)s, %(key)s, %(digest)s, 0, '', '', %(at)s, %(expires_at)s)
ON CONFLICT (token_id, key) DO UPDATE SET digest = EXCLUDED.digest, status = 0, content = '', location = '',
       created_at = EXCLUDED.created_at, expires_at = EXCLUDED.expires_at
 WHERE api_keptanswer.expires_at <= %(at)s
RETURNING id
"""


def claim_key(*, token: int, key: str, digest: str, at: datetime) -> int | None:
    """The number of the place for this request's answer; None when the key has one already. In its transaction."""
    values: dict[str, Any] = {"token": token, "key": key, "digest": digest, "at": at, "expires_at": at + ANSWERS_KEPT}
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, values)
        row = cursor.fetchone()
    return row[0] if row else None


def keep_answer(*, place: int, status: int, content: str, location: str) -> None:
    """Keep the answer in its place."""
    KeptAnswer.objects.filter(pk=place).update(status=status, content=content, location=location)


def drop_expired_answers(*, at: datetime) -> int:
    """Forget answers past their time; how many."""
    return KeptAnswer.objects.filter(expires_at__lte=at).delete()[0]
