"""Where trials run: the store of finished ones, Dask, and what a worker does."""
