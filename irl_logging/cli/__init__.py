"""The `irl` command: each command is a thin shell over a library call, in a module of its own."""
