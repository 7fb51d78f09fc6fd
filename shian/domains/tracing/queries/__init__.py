"""Reads of tracing, one module per noun."""
