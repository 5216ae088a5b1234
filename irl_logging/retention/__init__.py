"""What is kept of an execution directory and for how long: `irl clean`, `irl backup`, `irl restore`."""
