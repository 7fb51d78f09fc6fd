"""Figures for programs: in this system's own form, and as DHIS2 data value sets."""

from shian.engine.measures.api import datavaluesets, figures

__all__ = ["datavaluesets", "figures"]
