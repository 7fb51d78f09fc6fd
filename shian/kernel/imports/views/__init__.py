"""Pages of imports: batches, headings that were matched by hand, places that are looked into."""
