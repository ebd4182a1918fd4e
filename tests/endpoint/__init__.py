"""The requests to each kind of store, checked against the store's documented protocol."""
