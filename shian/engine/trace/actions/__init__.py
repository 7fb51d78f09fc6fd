"""Verbs of traces: send events, take them into the graph."""
