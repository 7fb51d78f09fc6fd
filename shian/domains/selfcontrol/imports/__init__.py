"""Importers of operators' own duty."""

from shian.domains.selfcontrol.imports import controls, selfexams, staff, training


def register() -> None:
    """Registers them all."""
    staff.register()
    controls.register()
    selfexams.register()
    training.register()
