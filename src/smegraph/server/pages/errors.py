"""What can keep the pages of a release from being made."""

from __future__ import annotations


class ReleaseUnreadable(Exception):
    """The folder is no release, or a part of it is missing or broken."""
