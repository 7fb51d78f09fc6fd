"""Cases (闭环、销号): everything that must be done has an owner, a clock, proof and an end.

A case type is a declaration (declarations.py): states, transitions with who may take them and what they require,
statutory clocks, numbering; lengths of clocks and the escalation ladder are dated parameters of packs. Problems, cards,
tasks, proposals, complaints, rectifications and penalties are all case types, so "my work", "my unit owes", overdue
lists, close-out rates and calendars are one query on one table.
Verbs: open, take a step, extend, suspend, resume, transfer, merge, climb the ladder, subscribe to the calendar.
"""
