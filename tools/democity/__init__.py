"""Makes a believable, wholly synthetic city as a Data Package for the ordinary importer."""
