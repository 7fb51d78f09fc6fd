"""Django's own backend for PostgreSQL, which asks the server fewer questions (base.py)."""
