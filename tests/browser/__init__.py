"""Journeys in a real Chromium. `make test` runs them in a process of their own (tools/browser_tests.py).

site.py     the city in a database of its own, served by the program's own web server
people.py   who looks at the pages, signed in, and what the browser complained about meanwhile
sheets.py   the files that people upload, with the habits of real ones
"""
