"""Importers of products."""


def register() -> None:
    """Registers the importers of this app."""
