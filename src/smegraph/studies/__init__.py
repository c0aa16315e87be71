"""The folder of a study: its sheets read, checked, and turned into statements."""
