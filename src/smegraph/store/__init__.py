"""Keep the graph and answer SPARQL queries over it."""

from smegraph.store.embedded import (
    EmbeddedStore,
    FederationRefused,
    InvalidGraphName,
    MalformedQuery,
    QueryFailed,
    QueryRefused,
    UnsupportedFunction,
    UpdateRefused,
    store_union,
)

__all__ = [
    "EmbeddedStore",
    "FederationRefused",
    "InvalidGraphName",
    "MalformedQuery",
    "QueryFailed",
    "QueryRefused",
    "UnsupportedFunction",
    "UpdateRefused",
    "store_union",
]
