"""Pages of forms, one module per noun."""
