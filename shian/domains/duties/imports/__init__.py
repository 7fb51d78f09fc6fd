"""Importers of duties."""

from shian.domains.duties.imports import census, letters, matches, officials, spotchecks, tiers, trainings, visits


def register() -> None:
    """Registers them all."""
    for module in (census, officials, tiers, matches, letters, trainings, visits, spotchecks):
        module.register()
