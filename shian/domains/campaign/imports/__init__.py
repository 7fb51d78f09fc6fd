"""Importers of the campaign: assessment sheets, briefings, evidence, papers, plans, weekly ledgers."""

from shian.domains.campaign.imports import briefings, evidence, papers, schedules, verdicts, weeks


def register() -> None:
    """Registers them all."""
    verdicts.register()
    papers.register()
    evidence.register()
    schedules.register()
    weeks.register()
    briefings.register()
