"""Access to remote stores: address, credentials, TLS, timeout and retry."""
