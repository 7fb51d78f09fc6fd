"""Traceability (追溯): who held which lot, where it came from and where it went.

Basis: GS1 EPCIS 2.0 and CBV 2.0; 食品安全法 42, 50, 53, 65 (records of what came in and went out); 食品召回管理办法.
A *holding* is a lot in one party's hands; a movement joins two holdings. Events of the outside world are captured and
never changed: a wrong one is declared wrong by a later one. Domains say which of their rows are movements.
Verbs: send and take documents, keep and drop queries, subscribe, unsubscribe, draw, distribute.

What others build on, and what stays as it is:

- actions.drawing: millions of rows of a domain become holdings and movements by statements, without JSON.
- actions.staging (`stage`, `copy_lines`): rows as lines of COPY into a table of this transaction.
- walks: `reached` (sets, the quickest way), `walk` and `continued` (with depths, kept until the graph changes); a
  recall, a drill and a page ask the same. Walks see the whole graph; rows are shown by `Holding.objects.visible_to`.
- balances: what came, went and remains of holdings, and what the graph shows to be wrong.
- models: Identifier (by `rules.identifiers.short_digest`), Party, Holding, Movement, Graph. Events and their tables are
  this app's own: ask `event_queries.compiled` and `queries.events_for`.
- links.register_page: a domain's own page for a lot, thing or place behind its GS1 Digital Link; links.register_note:
  what everybody who scans it has to know.

Programs capture and query by EPCIS 2.0 below /epcis/v2 (docs/epcis.md).
"""
