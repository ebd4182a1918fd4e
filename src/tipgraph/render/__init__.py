"""Output for people and programs: rows, tables and sections."""
