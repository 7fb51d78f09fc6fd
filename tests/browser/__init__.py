"""Journeys in a real Chromium. `make test` runs them in a process of their own (tools/browser_tests.py)."""
