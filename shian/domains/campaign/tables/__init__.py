"""Tables of the campaign."""
