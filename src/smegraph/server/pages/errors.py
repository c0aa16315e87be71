"""What can keep the pages of a release from being made."""

from __future__ import annotations


class ReleaseUnreadable(Exception):
    """The folder is no release, or a part of it is missing or broken."""


class NotNamed(Exception):
    """The graph names nothing with this IRI."""

    def __init__(self, iri: str) -> None:
        """Take the IRI, or what was asked for in the place of one."""
        super().__init__(f"The graph names nothing with the IRI {iri}")
        self.iri = iri
