"""What keeps a tool from answering, in words that a model can act on."""

from __future__ import annotations

from smegraph.errors import SmegraphError


class ToolRefused(SmegraphError):
    """The tool cannot answer this; the message says what would do."""


class TooSlow(ToolRefused):
    """The time was over before the answer was whole."""


class TooLarge(ToolRefused):
    """The process that answers has ended, mostly for want of memory."""
