"""The evidence frame: the only names of the ontology that the code knows.

Everything else that the sheets may say is read from `ontology/`. The frame is what makes a row
a fact: the document that reports it and the passage where it stands.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from smegraph.namespaces import DCTERMS, RDF, RDFS, SKOS, SME

TYPE: Final = RDF + "type"
LABEL: Final = RDFS + "label"
IDENTIFIER: Final = DCTERMS + "identifier"
NAMES: Final = (LABEL, SKOS + "prefLabel")
OTHER_NAMES: Final = SKOS + "altLabel"
SPELLINGS: Final = SKOS + "hiddenLabel"
FORMER_NAMES: Final = (SME + "formerLabel", SME + "oppositeLabel")
NOTATION: Final = SKOS + "notation"

FACT: Final = SME + "Fact"
REPORTED_IN: Final = SME + "reportedIn"
# What a row of a thing that is no fact says of the passage where it stands is said of its mention.
MENTION: Final = SME + "Mention"
MENTION_OF: Final = SME + "mentionOf"
PRINTED_IN: Final = SME + "printedIn"
SOURCE_FILE: Final = SME + "sourceFile"
SOURCE_SHA256: Final = SME + "sourceSha256"
RIGHTS: Final = DCTERMS + "rights"

# What a row that has a passage may be other than something told there: a part of the text itself,
# or a work that the text mentions, with those who wrote it.
TEXT_PART: Final = SME + "TextPart"
PART_OF: Final = SME + "partOf"
# Decision 006: docs/decisions/006-sheets-from-the-ontology.md
LITERATURE: Final = (
    SME + "Authorship",
    SME + "Citation",
    SME + "Person",
    SME + "ReferenceEntry",
    SME + "Work",
)


class PassageProperties(NamedTuple):
    """The four properties that point at one passage of the source text."""

    locator: str
    start: str
    end: str
    digest: str


PASSAGES: Final = (
    PassageProperties(SME + "locator", SME + "charStart", SME + "charEnd", SME + "passageHash"),
    PassageProperties(
        SME + "otherLocator",
        SME + "otherCharStart",
        SME + "otherCharEnd",
        SME + "otherPassageHash",
    ),
)
