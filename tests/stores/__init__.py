"""What is sent to each kind of store, held against the store's documented protocol."""
