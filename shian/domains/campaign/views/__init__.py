"""Pages of the campaign, one module per noun."""
