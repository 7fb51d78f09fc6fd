"""Screens that span areas, one package per audience."""
