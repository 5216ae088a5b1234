"""Snapshots: what is known of the repository now, in `state/` and in the README's State Snapshots section."""
