"""The built-in collectors: each takes the `Execution` and returns what its repository looks like now, as JSON can hold it.

They write nothing; that is the business of `snapshots`. A collector of your own looks like one of these.
"""
