"""Importers of the campaign: assessment sheets, papers, weekly ledgers."""

from shian.domains.campaign.imports import papers, verdicts, weeks


def register() -> None:
    """Registers them all."""
    verdicts.register()
    papers.register()
    weeks.register()
