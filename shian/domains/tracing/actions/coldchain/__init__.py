"""Verbs of imported cold-chain food, one module per noun."""
