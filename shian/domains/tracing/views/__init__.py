"""Pages of tracing, one module per noun."""
