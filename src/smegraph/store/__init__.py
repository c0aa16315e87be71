"""The graph, kept and asked."""

from smegraph.store.embedded import EmbeddedStore, store_union

__all__ = ["EmbeddedStore", "store_union"]
