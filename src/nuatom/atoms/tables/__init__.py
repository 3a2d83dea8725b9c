"""Response tables: built, kept in files, found and read."""
