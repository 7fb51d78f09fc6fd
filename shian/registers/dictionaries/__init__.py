"""Dictionaries (字典): lists of words with dates, so that what was written in 2022 still reads as it did in 2022.

A pack brings the words of the country (packs/dictionaries); a city adds its own beside them, renames or ends one, in an
open dictionary. Rows elsewhere keep the word itself, never a reference: old rows need no look-up.
Used by: administrators (who change it), the campaign office (which reads it), importers (which check against it).
Verbs: draft, confirm, discard, end. Rows N-02.
"""
