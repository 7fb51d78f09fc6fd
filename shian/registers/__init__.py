"""The shared nouns: tables and reads without process. Order: operators › products › people › areas."""
