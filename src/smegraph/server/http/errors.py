"""What can end an exchange of HTTP."""

from __future__ import annotations


class ClientGone(Exception):
    """The client has closed the connection, or takes nothing any more."""
