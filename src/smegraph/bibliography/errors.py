"""What can be wrong with a file of references."""

from __future__ import annotations

from smegraph.errors import SmegraphError


class BibliographyError(SmegraphError):
    """A file of references that cannot be read, or a study into which it cannot come."""
