"""Forms of the campaign."""
