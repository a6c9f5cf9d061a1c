"""Measures bric beside the peers. The tour: `run` parses the command line and walks `rows`; each row
prepares its checkouts with `sources`, asks `bricolage` and the `peers` in turns that `clock` times,
checks that what was measured is right, and hands a Row to `table`."""
