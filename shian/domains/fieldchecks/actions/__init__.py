"""Verbs of field checks, one module per noun."""
