"""Events: frozen dataclasses that one area publishes and `flows/subscriptions.py` alone wires to others.

A handler runs in the publisher's transaction; slow effects belong in a job deferred by the handler.
"""
