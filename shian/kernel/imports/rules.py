"""Pure rules of reading: how headings compare, and how a cell's text becomes a value. Nothing here knows a register."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

EPOCH = date(1899, 12, 30)
FIRST_YEAR, LAST_YEAR = 1900, 2100
SAFE_DIGITS = 10**15
TRUE_WORDS = {"是", "有", "真", "√", "✓", "y", "yes", "true", "t", "1"}
FALSE_WORDS = {"否", "无", "假", "×", "✗", "n", "no", "false", "f", "0"}
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # Excel reads the wide ones too

_WIDE = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_BLANKS = {ord(char): " " for char in "\u3000\u00a0\t\r\n\x0b\x0c\u2028\u2029"}
_NOTHING = {ord(char): "" for char in "\u200b\u200c\u200d\ufeff\x00"}
_TABLE = {**_WIDE, **_BLANKS, **_NOTHING}
_ODD = re.compile("[" + "".join(map(re.escape, map(chr, _TABLE))) + "]")
_BRACKETS = re.compile(r"[(\[{【〔<《].*?[)\]}】〕>》]")
_HEADING_NOISE = re.compile(r"[\s*:：,，、。.;；()\[\]{}【】〔〕<>《》/_\-]")
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T\s]+[\d:.]+)?")
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIAL = re.compile(r"\d{5}(?:\.0+)?")
_YEAR = re.compile(r"(\d{4})(?:\.0+)?\s*年?度?")
_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?")
_PLAIN = re.compile(r"-?\d{1,18}(?:\.\d{1,12})?")
_THOUSANDS = re.compile(r"(?<=\d)[,，](?=\d{3}(?!\d))")


class Unreadable(ValueError):
    """The text is no value of the wanted type."""


def is_odd(text: str) -> bool:
    """Does the text hold anything that `clean_text` changes, blanks at its ends aside?"""
    return _ODD.search(text) is not None


def clean_text(text: str) -> str:
    """Trimmed; full-width digits and letters, odd blanks and line breaks made ordinary."""
    if text.isascii() and text.isprintable():
        return text.strip()
    text = text.strip()
    return text.translate(_TABLE).strip() if _ODD.search(text) else text


def text_of(cell: object) -> str:
    """A cell of any reader as the text a person would see in it."""
    if isinstance(cell, str):
        return clean_text(cell)
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        whole = cell.is_integer() and abs(cell) < SAFE_DIGITS
        return str(int(cell)) if whole else f"{cell:.15g}"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    return str(cell)


def lost_digits(cell: object) -> bool:
    """A spreadsheet keeps fifteen digits of a number: longer codes typed as numbers are damaged."""
    return isinstance(cell, float) and abs(cell) >= SAFE_DIGITS


def heading_keys(text: str) -> tuple[str, str]:
    """What two headings are compared by: with the text in brackets (units) kept, and without it."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return _HEADING_NOISE.sub("", folded), _HEADING_NOISE.sub("", _BRACKETS.sub("", folded))


def parse_date(text: str) -> str:
    """ISO form of a date: 2022-11-24, 2022/11/24, 2022.11.24, 2022年11月24日, 20221124, or a spreadsheet's serial."""
    text = unicodedata.normalize("NFKC", text)
    found = _DATE.fullmatch(text) or _COMPACT_DATE.fullmatch(text)
    try:
        if found:
            day = date(int(found[1]), int(found[2]), int(found[3]))
        elif _SERIAL.fullmatch(text):
            day = EPOCH + timedelta(days=int(float(text)))
        else:
            raise Unreadable(text)
    except (ValueError, OverflowError):
        raise Unreadable(text) from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Unreadable(text)
    return day.isoformat()


def parse_number(text: str) -> str:
    """Canonical decimal text; separators between thousands are dropped."""
    plain = text
    if not _PLAIN.fullmatch(text):
        plain = _THOUSANDS.sub("", unicodedata.normalize("NFKC", text).replace(" ", ""))
    if not _NUMBER.fullmatch(plain):
        raise Unreadable(text)
    shown = format(Decimal(plain), "f")
    if not shown.strip("-0."):
        return "0"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def parse_integer(text: str) -> str:
    """A whole number; 12.0 is one, 12.5 is not."""
    number = parse_number(text)
    if "." in number:
        raise Unreadable(text)
    return number


def parse_year(text: str) -> str:
    """2022, 2022年, 2022年度."""
    found = _YEAR.fullmatch(unicodedata.normalize("NFKC", text))
    if not found or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        raise Unreadable(text)
    return found[1]


def parse_boolean(text: str) -> str:
    """是 and 否, and what people write for them."""
    word = unicodedata.normalize("NFKC", text).lower()
    if word in TRUE_WORDS:
        return "true"
    if word in FALSE_WORDS:
        return "false"
    raise Unreadable(text)


def plain_cell(text: str) -> str:
    """Text for a CSV file that no spreadsheet takes for a formula: a leading sign gets an apostrophe before it."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) and not _NUMBER.fullmatch(text) else text


def without_apostrophe(text: str) -> str:
    """Undoes `plain_cell`, and the ="0012" idiom of spreadsheets."""
    if text.startswith("'") and text[1:].startswith(FORMULA_SIGNS):
        return text[1:]
    return text[2:-1] if text.startswith('="') and text.endswith('"') and len(text) > 2 else text


def common_area(keys: Sequence[str]) -> str:
    """The smallest area key that contains all of these; "" when there is none."""
    if not keys:
        return ""
    low, high = min(keys), max(keys)
    shared = 0
    while shared < min(len(low), len(high)) and low[shared] == high[shared]:
        shared += 1
    return low[: max((width for width in (2, 4, 6, 9, 12) if width <= shared), default=0)]
