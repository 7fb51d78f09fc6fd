"""Importers of field checks."""

from shian.domains.fieldchecks.imports import points, teams, visits


def register() -> None:
    """Registers them all."""
    teams.register()
    points.register()
    visits.register()
