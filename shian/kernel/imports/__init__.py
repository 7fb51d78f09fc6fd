"""Imports: files into registers: read, matched, checked, previewed, reconciled, accepted; bad rows come back corrected.

An app that owns rows declares an ImportSpec (specs.py) in its `imports.py`; this app does everything else. Used by the
office and by counties on pages, and by the command line and the demo through the same actions.
Verbs: upload a file, check a batch, accept it, accept a difference of totals, cancel, import a path.
"""
