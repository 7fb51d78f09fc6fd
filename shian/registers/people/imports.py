"""Importers of people."""


def register() -> None:
    """Registers the importers of this app."""
