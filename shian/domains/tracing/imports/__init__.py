"""Importers of tracing."""

from shian.domains.tracing.imports import (
    certificates,
    coldbatches,
    coldmoves,
    coldstores,
    in_orders,
    kitchens,
    markets,
    out_orders,
    producers,
    readings,
)


def register() -> None:
    """Registers them all."""
    for each in (
        markets, producers, certificates, in_orders, out_orders, coldstores, coldbatches, coldmoves, readings,
        kitchens,
    ):  # fmt: skip
        each.register()
