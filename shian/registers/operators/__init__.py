"""Operators (食品生产经营主体): one file per operator, with dated versions of what measures and scopes read."""
