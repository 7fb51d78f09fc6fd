"""One module per promise of docs/architecture.md. `make bench` runs them all on the demo city at real size.

A module has `measure() -> list[Line]`; it runs with Django set up, connected in the web role to a database that holds
Langfang. SQL counts and CPU time are firm; wall time is given as a ratio measured in the same run.
"""
