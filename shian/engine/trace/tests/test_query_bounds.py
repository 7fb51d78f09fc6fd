"""Each parameter that compares, with each of its signs, below, at and above what an event tells."""

import operator
from collections.abc import Iterator

import pytest

from shian.engine.trace.event_queries import PATTERNS, compiled
from shian.engine.trace.queries import events_for
from shian.engine.trace.tests.records import FROZEN, SITE, first_station, receipt
from shian.engine.trace.tests.test_capturing import taken
from shian.engine.trace.tests.test_event_queries import CASES, NS, reader

pytestmark = pytest.mark.django_db
SIGNS = {"EQ": operator.eq, "GT": operator.gt, "GE": operator.ge, "LT": operator.lt, "LE": operator.le}
# In CEL, as it was told; a spread and a rank have their own rows below.
TOLD = {"value": -18.0, "minValue": -20.0, "maxValue": -17.0, "meanValue": -18.5, "percValue": -17.2}
SPREAD, RANK, QUANTITY, OUTER, INNER = 0.9, 95.0, 480.0, 5.0, 7.0
EXTENDED = {"lf:n": OUTER, "lf:o": {"lf:n": INNER}}
REPORT = {"type": "Temperature", "uom": "CEL", "sDev": SPREAD, "percRank": RANK, **TOLD, **EXTENDED}
STATION = first_station(
    quantityList=[{"epcClass": FROZEN, "quantity": QUANTITY, "uom": "KGM"}],
    sensorElementList=[{"sensorMetadata": {"bizRules": f"{SITE}/r", **EXTENDED}, "sensorReport": [REPORT], **EXTENDED}],
    ilmd=EXTENDED, **EXTENDED,
)  # fmt: skip
WITHDRAWN = receipt(
    quantityList=[{"epcClass": FROZEN, "quantity": QUANTITY}],
    errorDeclaration={"declarationTime": "2023-10-04T00:00:00Z", **EXTENDED},
)
SCOPES = {"": 0, "ILMD_": 0, "SENSORELEMENT_": 0, "SENSORMETADATA_": 0, "SENSORREPORT_": 0, "ERROR_DECLARATION_": 1}


def bounds() -> Iterator[tuple[str, float, int]]:
    """(what follows the sign, what is told, by which of the two events)."""
    for name, value in TOLD.items():
        yield f"{name}_CEL", value, 0
    yield "sDev_CEL", SPREAD, 0
    yield "sDev", SPREAD, 0
    yield "percRank", RANK, 0
    yield "quantity_KGM", QUANTITY, 0
    yield "quantity", QUANTITY, 1
    for scope, which in SCOPES.items():
        yield f"{scope}lf:n", OUTER, which
        yield f"INNER_{scope}lf:n", INNER, which


ASKED = {f"{sign}_{name}" for name, _value, _which in bounds() for sign in SIGNS}
EXISTING = {f"EXISTS_{inner}{scope}lf:n" for scope in SCOPES for inner in ("", "INNER_")}


@pytest.fixture
def _told(db: None) -> None:
    assert taken(STATION, WITHDRAWN).taken == 2


def found(name: str, value: str) -> list[bool]:
    """Is each event that is found the one that was declared an error?"""
    rows = events_for(reader(), compiled({name: value}, {"lf": NS}))
    return sorted(row.error_at is not None for row in rows)


@pytest.mark.usefixtures("_told")
@pytest.mark.parametrize("sign", SIGNS)
def test_a_bound_finds_what_lies_within_it(sign: str) -> None:
    for name, value, which in bounds():
        for bound in (value - 0.5, value, value + 0.5):
            wanted = [bool(which)] if SIGNS[sign](value, bound) else []
            assert found(f"{sign}_{name}", f"{bound:g}") == wanted, (sign, name, bound)


@pytest.mark.usefixtures("_told")
def test_a_field_is_there_or_not() -> None:
    for name in EXISTING:
        assert found(name, "") == [("ERROR_" in name)], name
        assert found(f"{name}x", "") == []


def test_every_sign_of_every_pattern_is_asked() -> None:
    asked = {*ASKED, *EXISTING, *(name for case, _wanted in CASES for name in case)}

    for pattern, _reader in PATTERNS:
        head = pattern.pattern
        signs = head[1 : head.index(")")].split("|") if head.startswith("(EQ|") else [head.partition("_")[0]]
        for sign in signs:
            assert any(name.startswith(f"{sign}_") and pattern.fullmatch(name) for name in asked), (sign, head)
