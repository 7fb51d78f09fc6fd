"""Importers of field checks."""

from shian.domains.fieldchecks.imports import points, rounds, teams, visits


def register() -> None:
    """Registers them all."""
    teams.register()
    points.register()
    rounds.register()
    visits.register()
