"""Forms of tracing, one module per noun."""
