"""Working-day calendars: the pack file that the importer `workdays` reads, made from a published package."""
