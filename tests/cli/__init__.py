"""The commands, one file of tests for each."""
