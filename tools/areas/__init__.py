"""Makes the committed extracts of divisions and outlines (packs/areas)."""
