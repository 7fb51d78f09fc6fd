"""Importers of areas."""


def register() -> None:
    """Registers the importers of this app."""
