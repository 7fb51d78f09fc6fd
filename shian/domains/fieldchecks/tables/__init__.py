"""Tables of field checks, one module per noun."""
