"""Importers of operators."""


def register() -> None:
    """Registers the importers of this app."""
