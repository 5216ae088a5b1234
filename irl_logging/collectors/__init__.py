"""The built-in collectors: each takes the `Execution` and says what is known of its repository now, as JSON can hold it.

They write nothing; that is the business of `snapshots`. A collector of your own looks like one of these.
"""
