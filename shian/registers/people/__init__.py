"""People: organisations, persons and their posts with dates. A user's reach is the areas and organisations of the
posts held today; liaison officers are posts."""
