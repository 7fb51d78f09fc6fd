"""Scope: which rows a user may see. Area keys by level, organisations and role become one filter.

Knows no table above it: `registers.people` registers the provider that turns a user's posts into a Reach.
Outsiders get 404, and an attempt at a row that exists is logged.
"""
