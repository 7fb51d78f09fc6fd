"""Named reads of the campaign."""
