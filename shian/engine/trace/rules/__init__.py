"""Identifiers, units and events, and what they must obey. Pure functions; each module names its standard."""
