"""What an SSSOM file may hold: columns, entries of its head, predicates and justifications.

The names are those of SSSOM 1.0 (https://w3id.org/sssom/); a name that is not here is an error.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

from smegraph.namespaces import OWL, PREFIXES, RDF, RDFS, SKOS, XSD

Kind = Literal["curie", "curies", "text", "texts", "date", "number", "uri", "uris", "choice"]

SCHEMA_ORG: Final = PREFIXES["schema"]
SAME_AS: Final = SCHEMA_ORG + "sameAs"
SEE_ALSO: Final = RDFS + "seeAlso"
OWL_SAME_AS: Final = OWL + "sameAs"
EXACT_MATCH: Final = SKOS + "exactMatch"
CLOSE_MATCH: Final = SKOS + "closeMatch"
HIERARCHICAL: Final = (SKOS + "broadMatch", SKOS + "narrowMatch")
MATCHES: Final = (EXACT_MATCH, CLOSE_MATCH, *HIERARCHICAL, SKOS + "relatedMatch")
SCHEMATIC: Final = (
    RDFS + "subClassOf",
    RDFS + "subPropertyOf",
    OWL + "equivalentClass",
    OWL + "equivalentProperty",
)
PREDICATES: Final = (*MATCHES, SAME_AS, SEE_ALSO, *SCHEMATIC)
# These say that both are one, so that a subject has one of them in each scheme.
EXACT: Final = (EXACT_MATCH, SAME_AS, *SCHEMATIC[2:])

SUBJECT: Final = "subject_id"
PREDICATE: Final = "predicate_id"
OBJECT: Final = "object_id"
JUSTIFICATION: Final = "mapping_justification"
CONFIDENCE: Final = "confidence"
MODIFIER: Final = "predicate_modifier"
NOT: Final = "Not"
REVIEWERS: Final = ("reviewer_id", "reviewer_label")
REQUIRED: Final = (SUBJECT, PREDICATE, OBJECT, JUSTIFICATION)

# In the order in which they are written.
COLUMNS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "record_id": "curie",
        SUBJECT: "curie",
        "subject_label": "text",
        "subject_category": "text",
        PREDICATE: "curie",
        "predicate_label": "text",
        MODIFIER: "choice",
        OBJECT: "curie",
        "object_label": "text",
        "object_category": "text",
        JUSTIFICATION: "curie",
        "author_id": "curies",
        "author_label": "texts",
        "reviewer_id": "curies",
        "reviewer_label": "texts",
        "creator_id": "curies",
        "creator_label": "texts",
        "license": "uri",
        "subject_type": "choice",
        "subject_source": "curie",
        "subject_source_version": "text",
        "object_type": "choice",
        "object_source": "curie",
        "object_source_version": "text",
        "predicate_type": "choice",
        "mapping_provider": "uri",
        "mapping_source": "curie",
        "mapping_cardinality": "choice",
        "cardinality_scope": "texts",
        "mapping_tool": "text",
        "mapping_tool_id": "curie",
        "mapping_tool_version": "text",
        "mapping_date": "date",
        "publication_date": "date",
        "review_date": "date",
        CONFIDENCE: "number",
        "curation_rule": "curies",
        "curation_rule_text": "texts",
        "subject_match_field": "curies",
        "object_match_field": "curies",
        "match_string": "texts",
        "subject_preprocessing": "curies",
        "object_preprocessing": "curies",
        "similarity_score": "number",
        "similarity_measure": "text",
        "see_also": "uris",
        "issue_tracker_item": "curie",
        "other": "text",
        "comment": "text",
    }
)

# What the head of a file may say; most of it holds for each row as well.
_OF_THE_SET: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "sssom_version": "text",
        "mapping_set_id": "uri",
        "mapping_set_version": "text",
        "mapping_set_source": "uris",
        "mapping_set_title": "text",
        "mapping_set_description": "text",
        "mapping_set_confidence": "number",
        "issue_tracker": "uri",
    }
)
_BOTH: Final = (
    "creator_id", "creator_label", "license", "subject_type", "subject_source",
    "subject_source_version", "object_type", "object_source", "object_source_version",
    "predicate_type", "mapping_provider", "cardinality_scope", "mapping_tool", "mapping_tool_id",
    "mapping_tool_version", "mapping_date", "publication_date", "subject_match_field",
    "object_match_field", "subject_preprocessing", "object_preprocessing", "similarity_measure",
    "curation_rule", "curation_rule_text", "see_also", "other", "comment",
)  # fmt: skip
CURIE_MAP: Final = "curie_map"
METADATA: Final[Mapping[str, Kind]] = MappingProxyType(
    {**_OF_THE_SET, **{name: COLUMNS[name] for name in _BOTH}}
)

_ENTITY_TYPES: Final = (
    "owl class", "owl object property", "owl data property", "owl annotation property",
    "owl named individual", "skos concept", "rdfs resource", "rdfs class", "rdfs literal",
    "rdfs datatype", "rdf property", "composed entity expression",
)  # fmt: skip
CHOICES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        MODIFIER: (NOT,),
        "subject_type": _ENTITY_TYPES,
        "object_type": _ENTITY_TYPES,
        "predicate_type": _ENTITY_TYPES,
        "mapping_cardinality": ("1:1", "1:n", "n:1", "n:n", "1:0", "0:1", "0:0"),
    }
)

SEMAPV: Final = PREFIXES["semapv"]
MANUAL: Final = SEMAPV + "ManualMappingCuration"
LEXICAL: Final = SEMAPV + "LexicalMatching"
JUSTIFICATIONS: Final = (
    LEXICAL,
    SEMAPV + "LogicalReasoning",
    SEMAPV + "CompositeMatching",
    SEMAPV + "UnspecifiedMatching",
    SEMAPV + "SemanticSimilarityThresholdMatching",
    SEMAPV + "LexicalSimilarityThresholdMatching",
    SEMAPV + "MappingChaining",
    SEMAPV + "MappingReview",
    MANUAL,
    SEMAPV + "MappingInversion",
    SEMAPV + "StructuralMatching",
    SEMAPV + "InstanceBasedMatching",
    SEMAPV + "BackgroundKnowledgeBasedMatching",
)

# SSSOM, "Built-in prefixes": a curie_map need not name them, and may not give them another meaning.
BUILT_IN: Final[Mapping[str, str]] = MappingProxyType(
    {
        "owl": OWL,
        "rdf": RDF,
        "rdfs": RDFS,
        "semapv": SEMAPV,
        "skos": SKOS,
        "sssom": PREFIXES["sssom"],
        "xsd": XSD,
        "linkml": "https://w3id.org/linkml/",
    }
)
