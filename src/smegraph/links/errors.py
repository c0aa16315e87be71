"""What can be wrong with files of links, and with vocabularies that are linked to."""

from __future__ import annotations

from typing import Final

from smegraph.errors import ProblemsFound, SmegraphError


class LinkError(ProblemsFound):
    """Files of links with problems."""

    where = "links"


refuse_errors: Final = LinkError.refuse


class TargetError(SmegraphError):
    """A vocabulary or ontology that cannot be read."""
