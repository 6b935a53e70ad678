"""One book rendered by many machines, on dask.distributed: an engine whose batches go to workers elsewhere.

The client, which renders, stays the only writer of the ledger; workers speak and keep nothing of a book. Modules that
need dask import it inside functions, or are themselves imported inside functions: without the extra `cluster` nothing
of it is loaded.
"""
