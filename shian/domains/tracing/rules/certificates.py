"""What a certificate's number answers at the gate (E-06)."""

from decimal import Decimal
from enum import StrEnum


class Standing(StrEnum):
    VALID = "valid"
    USED_UP = "used_up"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


def standing_of(quantity: Decimal, used: Decimal, *, is_revoked: bool) -> Standing:
    """Goods enter a market with a proof (总局令81, 2023); one that is used up proves nothing more."""
    if is_revoked:
        return Standing.REVOKED
    return Standing.VALID if used < quantity else Standing.USED_UP


def number_of(issuer: str, day: str, serial: int) -> str:
    """A certificate's number: the issuer's code, the day as 20221124, the serial number of the day."""
    return f"{issuer}-{day}-{serial:03d}"
