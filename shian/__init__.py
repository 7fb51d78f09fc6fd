"""Shian (食安): the open system a Chinese city runs its food-safety campaign and supervision on."""

__version__ = "0.1.0"
