"""Snapshots (每日快照): every published figure of the city, frozen each night.

Basis: 统计口径与数据时点 (row N-03). Used by the data manager and report writers. Verb: take the snapshot of a day.
A register keeps dates, so any day can be counted again; the snapshot says what was counted when it was that day.
"""
