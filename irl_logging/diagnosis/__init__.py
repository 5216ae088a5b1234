"""Health checks, for people: the directory, the system under it, git around it, and this process.

Each module examines one of these and yields findings; `doctor` puts them together. Nothing is repaired here: a finding says
how.
"""
