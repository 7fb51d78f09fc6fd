"""What programs ask over HTTP: events and documents, named queries with their subscriptions, traces, links."""
