"""Pages of the operators' portal, one module per thing."""
