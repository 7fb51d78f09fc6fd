"""Tables of duties, one module per noun."""
