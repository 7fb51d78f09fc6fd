"""Identifiers of operators and the tokens of the name search: pure functions.

Sources: GB 32100-2015 (USCC), GB 11714 (organisation code), CFDA notices 198 and 199 of 2015 (SC, JY), SAMR notice 40
of 2021 (YB), GB/T 17710-2008 (MOD 11,10). Vectors: docs/law/identifiers.md.
"""

import re
from operator import add, mul

_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_VALUE = {char: value for value, char in enumerate(_USCC_ALPHABET)}
_USCC_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
_USCC = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}")
_BASE_36 = {char: value for value, char in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
_BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_FOURTEEN = re.compile(r"\d{14}")
_SIXTEEN = re.compile(r"\d{16}")
_NOT_WORD = re.compile(r"[^\w]")
SMALL_PREFIXES = {"ZF", "CY", "TD"}


def is_uscc(code: str) -> bool:
    """Is this a unified social credit code with a right check character (GB 32100-2015)?"""
    if not _USCC.fullmatch(code):
        return False
    total = sum(map(mul, map(_USCC_VALUE.__getitem__, code), _USCC_WEIGHTS))
    return _USCC_ALPHABET[(31 - total % 31) % 31] == code[17]


def has_right_organisation_code(uscc: str) -> bool:
    """Does position 17 check the organisation code inside (GB 11714)? A failure is a warning, not an error."""
    total = sum(map(mul, map(_BASE_36.__getitem__, uscc[8:16]), _BODY_WEIGHTS))
    remainder = 11 - total % 11
    return uscc[16] == {10: "X", 11: "0"}.get(remainder, str(remainder))


def passes_mod_11_10(digits: str) -> bool:
    """Does the last digit check the ones before it (GB/T 17710-2008, ISO 7064 hybrid)?"""
    product = 10
    for digit in digits[:-1]:
        product = (product + int(digit)) % 10 or 10
        product = product * 2 % 11
    return (product + int(digits[-1])) % 10 == 1


def is_licence_no(kind: str, number: str) -> bool:
    """Is `number` a well-formed licence, filing or card of this kind? XK and 无 are not checked."""
    if kind in {"SC", "JY", "YB"}:
        body = number[2:]
        return number.startswith(kind) and bool(_FOURTEEN.fullmatch(body)) and passes_mod_11_10(body)
    if kind in SMALL_PREFIXES:
        return number.startswith(kind) and bool(_SIXTEEN.fullmatch(number[2:]))
    return True


def name_tokens(name: str, initials: str) -> str:
    """The search document of a name as tsvector text: overlapping pairs of characters, single characters, and pairs of
    the pinyin initials, so that two characters or two initials find it."""
    text = _NOT_WORD.sub("", name)
    letters = initials.lower()
    tokens = {*text, *map(add, text, text[1:]), *map(add, letters, letters[1:])}
    return "'" + "' '".join(tokens) + "'" if tokens else ""


def search_query(text: str) -> str:
    """The tsquery text that finds `text`: all of its pairs, or the single character."""
    cleaned = _NOT_WORD.sub("", text)
    pairs = [cleaned[i : i + 2] for i in range(len(cleaned) - 1)] or [cleaned]
    return " & ".join(f"'{pair}'" for pair in dict.fromkeys(pairs) if pair) or "''"
