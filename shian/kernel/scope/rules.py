"""Levels and keys of administrative divisions (GB/T 2260, GB/T 10114): a code is cut by its level, never by zeros."""

from enum import StrEnum


class Level(StrEnum):
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"


LEVELS: tuple[Level, ...] = tuple(Level)
KEY_WIDTH = {Level.PROVINCE: 2, Level.CITY: 4, Level.COUNTY: 6, Level.TOWNSHIP: 9, Level.VILLAGE: 12}
_LEVEL_OF_WIDTH = {width: level for level, width in KEY_WIDTH.items()}


def area_key(code: str, level: Level) -> str:
    """The key of a code at its level: ("131000", CITY) → "1310". Raises ValueError for a code that is too short."""
    width = KEY_WIDTH[level]
    if len(code) < width or not code.isdigit():
        raise ValueError(f"{code!r} is not a division code of level {level}.")
    return code[:width]


def level_of_key(key: str) -> Level:
    """The level of a key by its width. Raises ValueError for another width."""
    try:
        return _LEVEL_OF_WIDTH[len(key)]
    except KeyError:
        raise ValueError(f"{key!r} is not an area key (2, 4, 6, 9 or 12 digits).") from None


def level_of_code(code: str) -> Level:
    """The level a code is written at: 6 digits ending in 0000 or 00: province or city; 9: township; 12: village."""
    if len(code) == 6:
        if code.endswith("0000"):
            return Level.PROVINCE
        return Level.CITY if code.endswith("00") else Level.COUNTY
    return level_of_key(code)


def key_of_code(code: str) -> str:
    """The key of a code as people write it: "131000" → "1310", "131002" → "131002"."""
    return area_key(code, level_of_code(code))


def code_of_key(key: str) -> str:
    """The code as people write it: "1310" → "131000"."""
    return key.ljust(6, "0")


def columns_of_key(key: str) -> dict[str, str]:
    """The five area columns of a row that lies at `key`; levels below the key are empty."""
    return {level.value: key[: KEY_WIDTH[level]] if len(key) >= KEY_WIDTH[level] else "" for level in LEVELS}


def parent_key(key: str) -> str:
    """The key one level up, or "" for a province."""
    position = LEVELS.index(level_of_key(key))
    return key[: KEY_WIDTH[LEVELS[position - 1]]] if position else ""
