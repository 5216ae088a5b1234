"""Secrets in files that are there already: found, in the work tree and in git's history, and taken out."""
