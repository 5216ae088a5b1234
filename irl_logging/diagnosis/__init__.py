"""What is well and what is not, for people: the directory, the system under it, git around it, and this process.

Each module looks at one of these and yields findings; `doctor` puts them together. Nothing is mended here: a finding says
how.
"""
