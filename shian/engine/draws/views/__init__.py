"""Pages of draws: lists, the record, the steps."""
