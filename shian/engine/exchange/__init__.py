"""Exchange (对接与报送): the outside systems of a city, what came from them, what was reported to them.

Rows N-10 and B-25. Used by the data manager. Systems and reports are declared in packs/exchange; where no connection
exists the system's page says "file only". Verbs: import for a system; take a snapshot, check, send, accept, return.
"""
