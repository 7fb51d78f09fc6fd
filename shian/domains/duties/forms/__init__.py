"""Forms of duties, one module per noun."""
