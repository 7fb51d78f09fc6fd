"""Pure rules of documents: how figures read in official prose, which numbers are bound, which state follows which."""

import hashlib
import json
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from shian.kernel.ui.figures import figure_text

PRESENT, MISSING, CHANGED = "present", "missing", "changed"
DRAFT, CHECKED, SIGNED, PUBLISHED = "draft", "checked", "signed", "published"

_ALLOWED = re.compile(
    r"\d{4}年(?:\d{1,2}月(?:\d{1,2}日)?)?(?:版)?|\d{1,2}月\d{1,2}日"  # dates
    r"|〔\d{4}〕\d+号|第\d+条|GB(?:/T)?\s?[\d.—-]+"  # documents, articles, standards
    r"|^\s*\d{1,2}[.．、]|（\d{1,2}）"  # numbering
)
_DIGITS = re.compile(r"\d[\d,，.]*\d")
_NUMERALS = re.compile(r"[〇零一二两三四五六七八九十百千万亿]{2,}")
_REQUIREMENTS = {">=": "不低于", "<=": "不超过", ">": "高于", "<": "低于", "=": "为"}  # longer signs first
_RELATIVE_YEAR = re.compile(r"year(?:([+-])(\d+))?")


def figure_in_prose(value: Decimal | int | None, unit: str, decimals: int | None, title: str, remark: str = "") -> str:
    """The number with its unit and remark; 〔待补充：指标名〕 when there is none: a figure is never invented."""
    if value is None:
        return f"〔待补充：{title}〕"
    return f"{figure_text(value, unit, decimals)}{remark}"


def date_in_prose(day: date) -> str:
    """2022年11月24日, as GB/T 9704-2012 7.3.5.4 writes dates."""
    return f"{day.year}年{day.month}月{day.day}日"


def digest_of_content(template: str, paragraphs: Sequence[str], tables: Sequence[Sequence[Sequence[str]]]) -> str:
    """SHA-256 of what a reader sees: the template by its digest, the paragraphs, the cells of all tables."""
    content = [template, list(paragraphs), [[list(row) for row in rows] for rows in tables]]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def annex_label(number: int, count: int) -> str:
    """附件1, 附件2 …; a single one has no number (GB/T 9704-2012 7.3.4)."""
    return f"附件{number}" if count > 1 else "附件"


def signs_in_prose(text: str) -> str:
    """≥80分 for >=80分."""
    return text.replace(">=", "≥").replace("<=", "≤")


def requirement_in_prose(text: str) -> str:
    """不低于80分 for >=80分; 为0起 for =0起."""
    for sign, words in _REQUIREMENTS.items():
        if text.startswith(sign):
            return words + text.removeprefix(sign).strip()
    return text


def ordinal_in_prose(number: int) -> str:
    """一是, 二是 … 十是, 十一是: how points are counted in running text (1 to 99)."""
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    text = ("" if tens == 1 else digits[tens]) + "十" if tens else ""
    return f"{text}{digits[ones] if ones or not tens else ''}是"


def period_for(expression: str, as_of: date) -> str:
    """ "year" is the year of the as-of date, "year-3" three years before; anything else is taken as written.

    Raises ValueError for a relative year that cannot be read.
    """
    if not expression.startswith("year"):
        return expression
    found = _RELATIVE_YEAR.fullmatch(expression.replace(" ", ""))
    if found is None:
        raise ValueError(expression)
    sign, distance = found.group(1) or "+", int(found.group(2) or 0)
    return str(as_of.year + (distance if sign == "+" else -distance))


def unbound_numbers(text: str, allowed_words: tuple[str, ...] = ()) -> list[str]:
    """Numbers of two or more digits in prose that are neither dates nor numbering: they escaped the figure list.

    Chinese numerals count too (九十四), unless the word that holds them is allowed.
    """
    rest = _ALLOWED.sub(" ", text)
    for word in allowed_words:
        rest = rest.replace(word, " ")
    return _DIGITS.findall(rest) + _NUMERALS.findall(rest)


def may_follow(state: str, following: str) -> bool:
    """draft → checked → signed → published; back to draft until publication."""
    order = (DRAFT, CHECKED, SIGNED, PUBLISHED)
    if state == PUBLISHED:
        return False
    return following == DRAFT or order.index(following) == order.index(state) + 1
