"""Notary (存证): the append-only log in which every action seals one entry, in its own transaction.

Knows no user table: actors are text. The database refuses UPDATE, DELETE and TRUNCATE on entries.
Verbs: seal, seal a batch. The public tree over the leaves follows in the next part.
"""
