"""Releases: built beside, made durable, switched to in one step; what they hold."""
