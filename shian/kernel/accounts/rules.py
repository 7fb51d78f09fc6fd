"""Pure rules of credentials."""

import hashlib
import re
import secrets
from datetime import datetime, timedelta

ACTIVATION_DAYS = 30
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def new_activation_code() -> str:
    """Twelve characters without look-alikes, in groups of four: 60 bits."""
    letters = [secrets.choice(_ALPHABET) for _ in range(12)]
    return "-".join("".join(letters[i : i + 4]) for i in (0, 4, 8))


def activation_digest(code: str) -> str:
    """SHA-256 of the code without dashes, spaces or case."""
    return hashlib.sha256(re.sub(r"[\s-]", "", code).upper().encode()).hexdigest()


def activation_expiry(at: datetime) -> datetime:
    """A code is good for thirty days."""
    return at + timedelta(days=ACTIVATION_DAYS)


def new_password() -> str:
    """A generated password: four groups of five, about 100 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(4))
