"""Sheets as files: one module for each format that people code in."""
