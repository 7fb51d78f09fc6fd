"""Pure functions of the operator archive, one module per noun."""
