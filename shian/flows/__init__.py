"""Stories that cross areas, and the only list of who listens to which event."""
