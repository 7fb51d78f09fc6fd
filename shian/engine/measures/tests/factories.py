"""The small city of the ledgers' tests, for everything that stands above measures."""

from shian.engine.ledgers.tests.factories import (
    AS_OF,
    CITY,
    NORTH,
    SOUTH,
    TOWNS,
    make_area,
    make_areas,
    make_ledger_row,
    make_ledger_rows,
    make_operator,
    make_operators,
    make_organisation,
    make_organisations,
    make_user,
    make_version,
)

__all__ = [
    "AS_OF",
    "CITY",
    "NORTH",
    "SOUTH",
    "TOWNS",
    "make_area",
    "make_areas",
    "make_ledger_row",
    "make_ledger_rows",
    "make_operator",
    "make_operators",
    "make_organisation",
    "make_organisations",
    "make_user",
    "make_version",
]
