"""JSON in one form only: RFC 8785 (JSON Canonicalization Scheme), so that a seal can be computed again anywhere.

Our own, because every seal costs one of these: the quick form below takes a third of what the kept library takes. Both
forms are held to the vectors of the RFC.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from json.encoder import encode_basestring
from typing import Any

LARGEST_INTEGER = 2**53 - 1  # beyond it a double, and so RFC 8785 (I-JSON), cannot tell neighbours apart
BEYOND_BASIC_PLANE = re.compile("[\U00010000-\U0010ffff]")
_plain = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode


class NotCanonical(ValueError):
    """The value has no canonical form: not finite, an integer beyond 2^53, half a surrogate pair, a strange type."""


def canonical(value: Any) -> bytes:
    """The UTF-8 bytes of RFC 8785 for any JSON value, floats included. Raises NotCanonical."""
    return _utf8(_written(value))


def canonical_plain(value: Mapping[str, Any]) -> bytes:
    """The same for a value without floats, several times faster: what seals use. Raises NotCanonical."""
    text = _plain(value)
    # Beyond the basic plane the order by UTF-16 units differs from the order by code points.
    return canonical(value) if BEYOND_BASIC_PLANE.search(text) else _utf8(text)


def _utf8(text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise NotCanonical("half a surrogate pair") from None


def _written(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, int):
        return _integer(value)
    if isinstance(value, float):
        return number(value)
    if isinstance(value, Mapping):
        members = sorted(value.items(), key=lambda member: _utf16(member[0]))
        return "{" + ",".join(f"{encode_basestring(name)}:{_written(item)}" for name, item in members) + "}"
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return "[" + ",".join(map(_written, value)) + "]"
    raise NotCanonical(f"{type(value).__name__} is no JSON value")


def _utf16(name: Any) -> bytes:
    """Where a member stands: RFC 8785 §3.2.3 orders names by their UTF-16 units."""
    if not isinstance(name, str):
        raise NotCanonical("a name that is no text")
    return name.encode("utf-16-be", "surrogatepass")


def _integer(value: int) -> str:
    if abs(value) > LARGEST_INTEGER:
        raise NotCanonical("an integer beyond 2^53: write it as text")
    return str(value)


def number(value: float) -> str:
    """A double as ECMAScript writes it (RFC 8785 §3.2.2.3): the shortest digits, exponents from 1e21 and below 1e-6."""
    if not math.isfinite(value):
        raise NotCanonical("a number that is not finite")
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _, exponent = f"{abs(value)!r}e0".partition("e")
    shift = int(exponent.partition("e")[0])
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + shift - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    return sign + _placed(digits, point)


def _placed(digits: str, point: int) -> str:
    """`digits` with the decimal point after `point` of them (ECMA-262, Number::toString)."""
    if 0 < point <= 21:
        return digits.ljust(point, "0") if len(digits) <= point else f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return "0." + "0" * -point + digits
    exponent = f"e{point - 1:+d}"
    return digits[0] + (f".{digits[1:]}" if len(digits) > 1 else "") + exponent
