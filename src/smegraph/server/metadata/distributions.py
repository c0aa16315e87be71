"""The files in which a dataset can be had: DCAT 3 distributions, and `void:dataDump`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from smegraph.export.listing import DataFile
from smegraph.graph.header import LICENSE
from smegraph.namespaces import PREFIXES
from smegraph.release_files import TRIG

_SPDX: Final = "http://spdx.org/rdf/terms#"
_MEDIA_TYPE: Final = "https://www.iana.org/assignments/media-types/"
_RDF: Final = (".ttl", ".trig")


def _name(prefix: str, local: str) -> NamedNode:
    return NamedNode(PREFIXES[prefix] + local)


_A: Final = _name("rdf", "type")


def distributions(files: Sequence[DataFile], dataset: NamedNode, base: str) -> list[Triple]:
    """Return what is told of the files of a dataset; questions and reports are none of its forms.

    Args:
        files: the files of the release.
        dataset: the dataset.
        base: the address of the service, without a slash at its end.
    """
    said = [*_described([one for one in files if one.name.endswith(_RDF)], dataset, base)]
    return [Triple(dataset, _A, _name("dcat", "Dataset")), *said] if said else []


def _described(files: Iterable[DataFile], dataset: NamedNode, base: str) -> Iterable[Triple]:
    for file in files:
        address = NamedNode(f"{base}{file.path}")
        node = NamedNode(f"{dataset.value}-{file.sha256[:12]}")
        digest = NamedNode(f"{node.value}-checksum")
        if file.name == TRIG:
            yield Triple(dataset, _name("void", "dataDump"), address)
        yield Triple(dataset, _name("dcat", "distribution"), node)
        size = Literal(str(file.bytes), datatype=_name("xsd", "nonNegativeInteger"))
        kind = NamedNode(_MEDIA_TYPE + file.bare_type)
        yield Triple(node, _A, _name("dcat", "Distribution"))
        yield Triple(node, _name("dcterms", "title"), Literal(file.what))
        yield Triple(node, _name("dcterms", "license"), NamedNode(LICENSE))
        yield Triple(node, _name("dcat", "accessURL"), address)
        yield Triple(node, _name("dcat", "downloadURL"), address)
        yield Triple(node, _name("dcat", "byteSize"), size)
        yield Triple(node, _name("dcat", "mediaType"), kind)
        yield Triple(node, NamedNode(_SPDX + "checksum"), digest)
        sha256 = Literal(file.sha256, datatype=_name("xsd", "hexBinary"))
        yield Triple(digest, _A, NamedNode(_SPDX + "Checksum"))
        yield Triple(
            digest, NamedNode(_SPDX + "algorithm"), NamedNode(_SPDX + "checksumAlgorithm_sha256")
        )
        yield Triple(digest, NamedNode(_SPDX + "checksumValue"), sha256)
