"""Pages of notices: the inbox with its letters, and hooks."""
