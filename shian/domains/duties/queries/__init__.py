"""Named reads of duties, one module per noun."""
