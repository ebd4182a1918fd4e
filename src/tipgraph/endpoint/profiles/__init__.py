"""What differs from store to store, one module each."""
