"""The manifest: `execution/README.md` and `active/workflows.json` as projections of the journal.

`table` finds and edits Markdown tables as bytes, `cells` keeps any text one cell, `rows` says what a run's row says,
`projection` is the pure function from README and runs to README, `archive` takes what leaves it, `document` replaces a
file that people edit too, and `store` does all this under the manifest lock.
"""
