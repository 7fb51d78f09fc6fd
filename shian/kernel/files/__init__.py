"""Files: bytes stored once under their SHA-256, with the kind told by their content and a size limit."""
