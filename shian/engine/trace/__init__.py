"""Traceability (追溯): who held which lot, where it came from and where it went.

Basis: GS1 EPCIS 2.0 and CBV 2.0; 食品安全法 42, 50, 53, 65 (records of what came in and went out); 食品召回管理办法.
A *holding* is a lot in one party's hands; a movement joins two holdings. Events of the outside world are captured and
never changed: a wrong one is declared wrong by a later one. Domains say which of their rows are movements.
Verbs: capture, query, walk, weigh.
"""
