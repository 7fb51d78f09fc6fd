"""Exact splits: parts that follow weights and add up to the stated total."""

from __future__ import annotations

from collections.abc import Sequence


def apportion(total: int, weights: Sequence[float]) -> list[int]:
    """Splits `total` by largest remainder; ties go to the earlier part."""
    if not weights:
        return []
    whole = sum(weights)
    if whole <= 0:
        weights, whole = [1.0] * len(weights), float(len(weights))
    shares = [total * weight / whole for weight in weights]
    parts = [int(share) for share in shares]
    rest = total - sum(parts)
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - shares[i], i))
    for index in order[:rest]:
        parts[index] += 1
    return parts
