"""Importers of field checks."""

from shian.domains.fieldchecks.imports import points, teams


def register() -> None:
    """Registers them all."""
    teams.register()
    points.register()
