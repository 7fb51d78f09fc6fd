"""Pure rules of tracing, one module per noun."""
