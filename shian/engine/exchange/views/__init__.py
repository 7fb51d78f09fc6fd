"""Pages of exchange, one module per noun."""
