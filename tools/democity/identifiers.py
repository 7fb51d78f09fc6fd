"""Numbers with valid check digits: USCC, SC/JY/YB licences and the three small-trade cards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import count

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
VALUES = {char: index for index, char in enumerate(ALPHABET)}
WEIGHTS = [pow(3, index, 31) for index in range(17)]
BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
BODY_SPACE = 31**6
OLD_SPACE = 80_000_000


def organisation_code(body: str) -> str:
    """GB 11714: eight body characters and their check character."""
    total = sum((ord(c) - 55 if c.isalpha() else int(c)) * w for c, w in zip(body, BODY_WEIGHTS, strict=True))
    rest = 11 - total % 11
    return body + {10: "X", 11: "0"}.get(rest, str(rest))


def social_credit_code(authority: str, region: str, body: str) -> str:
    """GB 32100-2015; `authority` are the first two characters, e.g. 92 for an individual trader."""
    head = authority + region + organisation_code(body)
    total = sum(VALUES[char] * weight for char, weight in zip(head, WEIGHTS, strict=True))
    return head + ALPHABET[(31 - total % 31) % 31]


def mod_11_10(digits: str) -> str:
    """GB/T 17710: the check digit that licence numbers end with."""
    product = 10
    for digit in digits:
        product = (product + int(digit)) % 10 or 10
        product = product * 2 % 11
    return str((11 - product) % 10)


class Numbers:
    """Hands out numbers that are unique inside one city."""

    def __init__(self, offset: int, province_char: str) -> None:
        self._bodies = count(1)
        self._serials: dict[str, Iterator[int]] = defaultdict(lambda: count(1))
        self._offset = offset
        self._province_char = province_char

    def credit_code(self, authority: str, region: str, year: int) -> str:
        """Bodies beginning with MA exist since the end of 2015; older ones are digits."""
        index = next(self._bodies)
        if year < 2016:
            body = str(10_000_000 + (index * 7_368_787 + self._offset) % OLD_SPACE)
        else:
            body = "MA" + self._letters((index * 611_953 + self._offset * 97) % BODY_SPACE)
        return social_credit_code(authority, region, body)

    @staticmethod
    def _letters(value: int) -> str:
        chars = []
        for _ in range(6):
            value, rest = divmod(value, 31)
            chars.append(ALPHABET[rest])
        return "".join(reversed(chars))

    def production_licence(self, food_class: str, region: str) -> str:
        """SC number; the three class digits say food (1..) or additive (2..)."""
        digits = f"{food_class}{region}{next(self._serials['SC' + region]):04d}"
        return "SC" + digits + mod_11_10(digits)

    def trade_licence(self, letters: str, form: str, region: str) -> str:
        """JY licence or YB filing number."""
        digits = f"{form}{region}{next(self._serials[letters + form + region]):06d}"
        return letters + digits + mod_11_10(digits)

    def small_card(self, letters: str, form: str, region: str, township: str) -> str:
        """TD, ZF or CY card of a small trade: no check digit (regulations 1.6)."""
        place = region + township
        return f"{letters}{form}{place}{next(self._serials[letters + place]):06d}"

    def industrial_licence(self, product: str) -> str:
        return f"{self._province_char}XK16-{product}-{next(self._serials['XK']):05d}"
