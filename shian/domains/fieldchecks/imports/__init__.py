"""Importers of field checks."""

from shian.domains.fieldchecks.imports import points


def register() -> None:
    """Registers them all."""
    points.register()
