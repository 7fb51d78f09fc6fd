"""The runtime: embedded PostgreSQL, supervisor, command line, bootstrap. Real processes in throw-away folders."""
