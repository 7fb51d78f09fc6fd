"""Tables of the pages, one module per noun."""
