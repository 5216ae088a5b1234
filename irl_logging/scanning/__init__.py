"""Finding secrets in existing files and in git's history, and removing them from files."""
