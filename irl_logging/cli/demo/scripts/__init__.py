"""The Python scripts that `irl demo` copies into its repository; they run there, not from here."""
