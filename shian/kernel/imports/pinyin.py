"""Pinyin of names for order and for search by initials: one reading per character, which a register needs to be stable.

pypinyin's own conversion weighs phrases and is a hundred times slower; its dictionary of characters is all we take.
"""

import unicodedata
from functools import cache

from pypinyin.pinyin_dict import pinyin_dict


@cache
def syllable(char: str) -> str:
    """The first reading without its tone (ü becomes v), the lower-case letter or digit itself, or ""."""
    reading = pinyin_dict.get(ord(char))
    if reading is None:
        folded = unicodedata.normalize("NFKC", char).lower()
        return folded if folded.isascii() and folded.isalnum() else ""
    first = reading.partition(",")[0].replace("ü", "v").replace("ǖ", "v").replace("ǘ", "v")
    parts = unicodedata.normalize("NFD", first.replace("ǚ", "v").replace("ǜ", "v"))
    return "".join(letter for letter in parts if letter.isascii() and letter.isalpha())


def pinyin(text: str, limit: int) -> str:
    """Syllables with blanks between, cut to `limit`: sorts as a dictionary does."""
    return " ".join(found for char in text if (found := syllable(char)))[:limit]


def pinyin_and_initials(text: str, limit: int) -> tuple[str, str]:
    """Syllables, and their first letters."""
    found = [part for part in map(syllable, text) if part]
    return " ".join(found)[:limit], "".join([part[0] for part in found])[:limit]
