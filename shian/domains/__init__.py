"""The areas of supervision: siblings that never import each other."""
