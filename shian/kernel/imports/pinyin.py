"""Pinyin of names for order and for search by initials: one reading per character, which a register needs to be stable.

pypinyin's own conversion weighs phrases and is a hundred times slower; its dictionary of characters is all we take.
The package reads its phrases whenever it is imported, a third of a second: only who spells a name waits for that.
"""

import unicodedata
from collections.abc import Mapping
from functools import cache


@cache
def _readings() -> Mapping[int, str]:
    from pypinyin.pinyin_dict import pinyin_dict

    return pinyin_dict


@cache
def syllable(char: str) -> str:
    """The first reading without its tone (ü becomes v), the lower-case letter or digit itself, or ""."""
    reading = _readings().get(ord(char))
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
