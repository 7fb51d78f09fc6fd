"""Importers of the campaign: assessment sheets, weekly ledgers."""

from shian.domains.campaign.imports import verdicts, weeks


def register() -> None:
    """Registers them all."""
    verdicts.register()
    weeks.register()
