"""What spans apps: architecture, access, journeys, golden figures, browser; and the runtime itself."""
