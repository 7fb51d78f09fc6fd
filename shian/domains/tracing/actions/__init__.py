"""Verbs of tracing, one module per noun."""
