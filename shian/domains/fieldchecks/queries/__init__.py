"""Named reads of field checks, one module per noun."""
