"""A small dataset of three graphs, one of which describes the others."""

from __future__ import annotations

from pyoxigraph import RdfFormat, Store

from smegraph.store.embedded import EmbeddedStore, store_union

DATA = """
@prefix e: <http://example.org/> . @prefix void: <http://rdfs.org/ns/void#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
e:one { e:a a e:Firm ; e:p 1, 2 . e:b a e:Firm . }
e:two { e:a a e:Firm . e:c a e:Study ; e:p "x" . }
e:meta { e:all a void:Dataset ; dcterms:title "All" ; dcterms:license e:licence ;
    void:subset e:one, e:two . e:one a void:Dataset ; dcterms:title "The first" ;
    dcterms:creator [] . }
"""


def opened(trig: str = DATA, *, union: bool = True) -> EmbeddedStore:
    store = Store()
    store.load(trig, RdfFormat.TRIG)
    if union:
        store_union(store)
    mode = "union" if union else "strict"
    return EmbeddedStore(store, stored_union=union, default_graph=mode, prefixes={})
