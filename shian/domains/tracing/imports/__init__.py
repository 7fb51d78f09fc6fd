"""Importers of tracing."""

from shian.domains.tracing.imports import certificates, in_orders, markets, out_orders, producers


def register() -> None:
    """Registers them all."""
    for each in (markets, producers, certificates, in_orders, out_orders):
        each.register()
