"""What an area reports of the two responsibilities (C-13): required fields, targets; pure.

Every number is a dated parameter (packs/parameters/duty_uploads.yaml).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

# Registers and fields that can be asked for: those that queries/uploads.py knows how to look at.
KNOWN = {
    "duty_officials": frozenset({"name", "post", "unit", "office_phone"}),
    "operators": frozenset({"name", "uscc", "representative", "phone", "address", "licence_no"}),
    "duty_matches": frozenset({"official_code"}),
    "duty_letters": frozenset({"countersigned_on"}),
}


@dataclass(frozen=True)
class UploadNumbers:
    """One version of packs/parameters/duty_uploads.yaml, which says what each means."""

    valid_from: date
    basis: str
    confidence: str
    required: Mapping[str, tuple[str, ...]]
    targets: Mapping[str, Decimal]


def read_upload_numbers(told: Mapping[str, Any]) -> UploadNumbers:
    """One version of the file. Raises KeyError, TypeError, ValueError."""
    required = {str(key): tuple(map(str, fields)) for key, fields in told["required"].items()}
    for key, fields in required.items():
        if not fields or not KNOWN.get(key, frozenset()).issuperset(fields):
            raise ValueError(f"required.{key} names unknown fields.")
    targets = {str(key): Decimal(str(target)) for key, target in told["targets"].items()}
    if any(not 0 <= each <= 100 for each in targets.values()):
        raise ValueError("targets are per cent.")
    return UploadNumbers(told["valid_from"], str(told["basis"]), str(told["confidence"]), required, targets)


def is_met(actual: Decimal | None, target: Decimal) -> bool:
    """A figure that nothing answers misses no target: there was nothing to do."""
    return actual is None or actual >= target
