"""A queryable knowledge graph of how small firms use digital platforms to go abroad."""

__version__ = "0.1.0"
