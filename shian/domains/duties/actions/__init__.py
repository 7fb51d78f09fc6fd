"""Verbs of duties, one module per noun."""
