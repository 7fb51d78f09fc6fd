"""Importers of operators' own duty."""

from shian.domains.selfcontrol.imports import controls, periods, selfexams, staff, training


def register() -> None:
    """Registers them all."""
    staff.register()
    controls.register()
    periods.register()
    selfexams.register()
    training.register()
