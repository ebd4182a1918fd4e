"""The explorer as files: every page but the form for a case, for any host of files."""
