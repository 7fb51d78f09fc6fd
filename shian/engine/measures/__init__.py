"""Measures (统计口径): a figure is a declaration; one SQL statement yields all areas at all levels; it opens rows."""
