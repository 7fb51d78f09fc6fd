"""GS1 keys in their two forms, EPC URN and Digital Link, and the one canonical form in which they are compared.

Sources: GS1 EPC Tag Data Standard 2.0 §6 (URN forms), GS1 Digital Link URI Syntax 1.2 §4 and §5 (paths, canonical
form), CBV 2.0 §8 and §9 (how fine an identifier may be). Private URIs are compared as they are.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote, unquote

DOMAIN = "https://id.gs1.org"
LONGEST = 512  # characters of an identifier
CROWD = "urn:shian:walk-in:"  # parties below it are many people: whoever walked into one market
_GTIN = f"{DOMAIN}/01/"


class Level(StrEnum):
    """What an identifier points at. A lot is a class: all its kilograms are alike."""

    INSTANCE = "instance"
    CLASS = "class"
    PLACE = "place"
    PARTY = "party"
    OTHER = "other"  # private URIs may stand for anything


class BadIdentifier(ValueError):
    """An identifier that cannot be one. `reason` is a key of wording.FAULTS, `more` fills its text."""

    def __init__(self, value: str, reason: str, **more: str) -> None:
        super().__init__(f"{value[:120]}: {reason}")
        self.value, self.reason, self.more = value, reason, more


class Identifier(NamedTuple):
    """An identifier in canonical form. `key`: its GS1 application identifiers ("01/10"), "" for a private URI."""

    uri: str
    level: Level
    key: str = ""


@dataclass(frozen=True)
class _Key:
    """A primary key of Digital Link. `head`: the part with the check digit at its end; `tail`: what may follow it."""

    head: str
    tail: str = ""
    qualifiers: tuple[str, ...] = ()  # the finest first; the first one present is kept
    level: Level = Level.INSTANCE
    checked: bool = True


_TEXT = r"[!-~]"
_KEYS: Mapping[str, _Key] = {
    "00": _Key(r"[0-9]{18}"),
    "01": _Key(r"[0-9]{14}|[0-9]{13}|[0-9]{12}|[0-9]{8}", qualifiers=("21", "235", "10"), level=Level.CLASS),
    "253": _Key(r"[0-9]{13}", _TEXT + "{1,17}", level=Level.CLASS),
    "255": _Key(r"[0-9]{13}", r"[0-9]{1,12}", level=Level.CLASS),
    "401": _Key(_TEXT + "{1,30}", checked=False),
    "402": _Key(r"[0-9]{17}"),
    "414": _Key(r"[0-9]{13}", qualifiers=("254",), level=Level.PLACE),
    "417": _Key(r"[0-9]{13}", level=Level.PARTY),
    "8003": _Key(r"0[0-9]{13}", _TEXT + "{1,16}", level=Level.CLASS),
    "8004": _Key(_TEXT + "{1,30}", checked=False),
    "8006": _Key(r"[0-9]{18}", qualifiers=("21", "10"), level=Level.CLASS, checked=False),
    "8010": _Key(_TEXT + "{1,30}", qualifiers=("8011",), level=Level.CLASS, checked=False),
    "8017": _Key(r"[0-9]{18}"),
    "8018": _Key(r"[0-9]{18}"),
}
_DROPPED = {"01": {"22", "10", "235"}, "8006": {"22", "10"}}  # qualifiers that say less than the one that is kept
_SERIAL = {"21", "235", "8011"}
_LONGEST_QUALIFIER = {"10": 20, "21": 20, "22": 20, "235": 28, "254": 20, "8011": 12}
_LINKED = re.compile(rf"/(?:{'|'.join(_KEYS)})/")
_WEB = re.compile(r"https?://[^/?#\s]+(/[^?#\s]*)", re.IGNORECASE)
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s\x00-\x1f\x7f<>\"{}|\\^`]+")
_URN = re.compile(r"urn:epc:(id|idpat|class):([a-z]+):(.+)", re.IGNORECASE)
_UNTRANSLATED = {"gid", "usdod", "adi", "bic", "imovn"}  # EPC schemes outside GS1's keys


def readable(uri: str) -> str:
    """A Digital Link as it is printed beside its code, "(01)06901234567892(10)A1"; anything else as it is."""
    steps = uri.removeprefix(f"{DOMAIN}/").split("/")
    if not uri.startswith(f"{DOMAIN}/") or len(steps) % 2:
        return uri
    return "".join(f"({key}){unquote(value)}" for key, value in zip(steps[::2], steps[1::2], strict=True))


def check_digit(digits: str) -> str:
    """The GS1 check digit (General Specifications §7.9): weights 3 and 1 from the right. ("629104150021") → "3"."""
    total = sum(int(each) * (3 if place % 2 == 0 else 1) for place, each in enumerate(reversed(digits)))
    return str(-total % 10)


@lru_cache(maxsize=1 << 16)
def canonical(uri: str) -> Identifier:
    """The canonical form of an identifier. Raises BadIdentifier.

    "urn:epc:class:lgtin:6901234.056789.A1" and "https://shop.example/01/06901234567892/10/A1?17=1" are
    both "https://id.gs1.org/01/06901234567892/10/A1".
    """
    if len(uri) > LONGEST:
        raise BadIdentifier(uri[:LONGEST], "too_long", longest=str(LONGEST))
    if not _URI.fullmatch(uri):
        raise BadIdentifier(uri, "not_a_uri")
    urn = _URN.fullmatch(uri)
    if urn:
        return _from_urn(uri, urn[1].lower(), urn[2].lower(), urn[3])
    web = _WEB.match(uri)
    return (web and _from_path(uri, web[1])) or Identifier(uri, Level.OTHER)


def canonical_or_same(uri: str) -> str:
    """The canonical form where there is one, else the text as it is."""
    try:
        return canonical(uri).uri
    except BadIdentifier:
        return uri


def _from_path(uri: str, path: str) -> Identifier | None:
    """A Digital Link anywhere at the end of the path; None where the path holds none."""
    if not _LINKED.search(path):
        return None
    parts = path.rstrip("/").split("/")
    for start in range(len(parts) - 2, -1, -1):
        key = parts[start]
        if key not in _KEYS or (len(parts) - start) % 2:
            continue
        pairs = dict(zip(parts[start + 2 :: 2], parts[start + 3 :: 2], strict=True))
        known = {*_KEYS[key].qualifiers, *_DROPPED.get(key, ())}
        if set(pairs) <= known:
            return _composed(uri, key, unquote(parts[start + 1]), {name: unquote(each) for name, each in pairs.items()})
    return None


def _composed(uri: str, key: str, value: str, pairs: Mapping[str, str]) -> Identifier:
    """Check the value and its qualifiers and write them in canonical form, with the finest qualifier only."""
    told = _KEYS[key]
    found = re.fullmatch(rf"({told.head})({told.tail or ''})" if told.tail else rf"({told.head})()", value)
    bare = re.fullmatch(told.head, value) if not found else None
    if not (found or bare):
        raise BadIdentifier(uri, "bad_value", key=key)
    head, tail = (found[1], found[2]) if found else (value, "")
    if key == "01":
        head = head.zfill(14)
    checked = head[:14] if key == "8006" else head
    if (told.checked or key == "8006") and check_digit(checked[:-1]) != checked[-1]:
        raise BadIdentifier(uri, "check_digit", key=key, right=check_digit(checked[:-1]))
    finest = next((name for name in told.qualifiers if name in pairs), "")
    steps = [DOMAIN, key, quote(head + tail, safe="")]
    if finest:
        qualifier = pairs[finest]
        if not re.fullmatch(_TEXT + f"{{1,{_LONGEST_QUALIFIER[finest]}}}", qualifier):
            raise BadIdentifier(uri, "bad_value", key=finest)
        steps += [finest, quote(qualifier, safe="")]
    is_one = bool(tail) or finest in _SERIAL
    level = Level.INSTANCE if is_one and told.level == Level.CLASS else told.level
    return Identifier("/".join(steps), level, f"{key}/{finest}" if finest else key)


# Scheme: (application identifier, digits of company prefix and reference together, form of the rest)
_SCHEMES: Mapping[str, tuple[str, int]] = {
    "sgtin": ("01", 13), "lgtin": ("01", 13), "upui": ("01", 13), "itip": ("8006", 13), "sscc": ("00", 17),
    "sgln": ("414", 12), "pgln": ("417", 12), "grai": ("8003", 12), "gdti": ("253", 12), "sgcn": ("255", 12),
    "gsrn": ("8018", 17), "gsrnp": ("8017", 17), "gsin": ("402", 16), "giai": ("8004", 0), "ginc": ("401", 0),
    "cpi": ("8010", 0),
}  # fmt: skip
_PARTS = {"sgtin": 3, "lgtin": 3, "upui": 3, "itip": 5, "sgln": 3, "grai": 3, "gdti": 3, "sgcn": 3, "cpi": 3}
_INDICATOR = {"sgtin", "lgtin", "upui", "itip", "sscc"}  # their reference begins with a digit that goes in front
_SERIAL_OF = {"sgtin": "21", "upui": "235", "itip": "21", "lgtin": "10", "cpi": "8011", "sgln": "254"}
_PATTERNS = {"sgtin", "grai", "gdti", "sgcn", "cpi", "itip", "upui"}


def _from_urn(uri: str, kind: str, scheme: str, rest: str) -> Identifier:
    """An EPC, a pattern that ends in "*" (its class) or a lot."""
    if kind == "id" and scheme in _UNTRANSLATED:
        return Identifier(uri, Level.INSTANCE)
    if scheme not in _SCHEMES or (kind == "class") != (scheme == "lgtin") or (kind == "idpat" and _out(scheme)):
        raise BadIdentifier(uri, "unknown_scheme", scheme=f"{kind}:{scheme}")
    parts = [unquote(each) for each in rest.split(".", _PARTS.get(scheme, 2) - 1)]
    if len(parts) != _PARTS.get(scheme, 2):
        raise BadIdentifier(uri, "parts", scheme=scheme, wanted=str(_PARTS.get(scheme, 2)))
    if kind == "idpat":
        if parts[-1] != "*" or "*" in parts[:-1]:
            raise BadIdentifier(uri, "pattern")
        parts[-1] = ""
    key, digits = _SCHEMES[scheme]
    company, reference = parts[0], parts[1]
    _refuse_prefix(uri, scheme, company, reference, digits)
    head = _headed(scheme, company, reference, digits)
    serial = parts[-1] if len(parts) > 2 else ""
    if scheme == "itip":
        head += parts[2] + parts[3]
    if scheme in {"grai", "gdti", "sgcn"}:
        return _composed(uri, key, head + serial, {})
    is_plain_place = scheme == "sgln" and serial == "0"
    pairs = {_SERIAL_OF[scheme]: serial} if serial and not is_plain_place else {}
    return _composed(uri, key, head, pairs)


def _out(scheme: str) -> bool:
    return scheme not in _PATTERNS


def _refuse_prefix(uri: str, scheme: str, company: str, reference: str, digits: int) -> None:
    if not re.fullmatch(r"[0-9]{6,12}", company):
        raise BadIdentifier(uri, "company_prefix")
    if digits and (not re.fullmatch(r"[0-9]*", reference) or len(company) + len(reference) != digits):
        raise BadIdentifier(uri, "digits", scheme=scheme, wanted=str(digits))


def _headed(scheme: str, company: str, reference: str, digits: int) -> str:
    """Company prefix and reference as the number that a symbol carries, with its check digit."""
    if not digits:
        return company + reference
    number = reference[0] + company + reference[1:] if scheme in _INDICATOR else company + reference
    return ("0" if scheme == "grai" else "") + number + check_digit(number)


_URN_OF: Mapping[str, tuple[str, str]] = {
    "01/21": ("id:sgtin", "i"), "01/235": ("id:upui", "i"), "01/10": ("class:lgtin", "i"), "01": ("idpat:sgtin", "i"),
    "00": ("id:sscc", "i"), "414": ("id:sgln", ""), "414/254": ("id:sgln", ""), "417": ("id:pgln", ""),
    "8017": ("id:gsrnp", ""), "8018": ("id:gsrn", ""), "402": ("id:gsin", ""),
}  # fmt: skip


def prefix_length(number: str) -> int:
    """Digits of the company prefix at the head of a number of China's; 0 where it is not known.

    GB 12904-2008: 690 and 691 are followed by four digits of the firm, 692 to 696 by five, 697 by six.
    """
    lengths = {"690": 7, "691": 7, "692": 8, "693": 8, "694": 8, "695": 8, "696": 8, "697": 9}
    return lengths.get(number[:3], 0)


def urn_of(found: Identifier, company_digits: int | None = None) -> str:
    """The EPC URN of a canonical identifier; its own URI where there is none or the prefix' length is not known."""
    kind, indicator = _URN_OF.get(found.key, ("", ""))
    if not kind:
        return found.uri
    steps = found.uri.removeprefix(f"{DOMAIN}/").split("/")
    number = steps[1][:-1]
    body = number[1:] if indicator else number
    digits = prefix_length(body) if company_digits is None else company_digits
    if not digits or digits > len(body):
        return found.uri
    parts = [body[:digits], (number[0] if indicator else "") + body[digits:]]
    if len(steps) > 2:
        parts.append(steps[3])
    elif found.key == "414":
        parts.append("0")
    elif found.key == "01":
        parts.append("*")
    return f"urn:epc:{kind}:{'.'.join(parts)}"


def short_digest(uri: str) -> bytes:
    """What an identifier is found by: the first 16 bytes of its SHA-256."""
    return hashlib.sha256(uri.encode()).digest()[:16]


def product_of(uri: str) -> str:
    """The product class of a lot or a thing with a GTIN; "" for others."""
    return uri[: len(_GTIN) + 14] if uri.startswith(_GTIN) and len(uri) > len(_GTIN) + 14 else ""
