"""How a deed on an account is sealed."""

from datetime import datetime
from typing import Any

from shian.kernel.accounts.models import User
from shian.kernel.notary.actions import seal


def subject_of(username: str) -> str:
    """The subject of every entry about an account."""
    return f"accounts.user:{username}"


def seal_deed(user: User, action: str, by: str, at: datetime, **data: Any) -> None:
    """One entry about the account: what was done, its role, and what else the deed is made of."""
    seal(action=f"accounts.{action}", by=by, subject=subject_of(user.username), data={"role": user.role, **data}, at=at)
