"""Who checks whom in a cross check; pure, so that anybody can pair again."""

import hashlib
from collections.abc import Iterable


def pairing(areas: Iterable[str], key: str) -> list[tuple[str, str]]:
    """(area whose team checks, area that is checked) for each area, by the key of the round's draw.

    Areas are put in order of SHA-256("<key>/<area>"); each checks the next one, the last one the first: nobody checks
    itself, everybody is checked once. Raises ValueError for fewer than two areas.
    """
    own = sorted(set(areas), key=lambda area: hashlib.sha256(f"{key}/{area}".encode()).hexdigest())
    if len(own) < 2:
        raise ValueError("A cross check needs two areas.")
    return sorted(zip(own, [*own[1:], own[0]], strict=True))
