"""Pages of duties, one module per noun."""
