"""Importers of the campaign: assessment sheets, evidence, papers, weekly ledgers."""

from shian.domains.campaign.imports import evidence, papers, verdicts, weeks


def register() -> None:
    """Registers them all."""
    verdicts.register()
    papers.register()
    evidence.register()
    weeks.register()
