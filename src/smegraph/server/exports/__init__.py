"""Exports that a service makes for who asks: what is asked for, and the process that writes it."""
