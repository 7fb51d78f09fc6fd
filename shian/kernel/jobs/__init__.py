"""Jobs: work that outlives a request, kept in PostgreSQL by procrastinate and enqueued in the caller's transaction.

Delivery is at least once, so every task is idempotent. Actions defer jobs by name.
"""
