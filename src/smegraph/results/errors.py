"""Why a result cannot be written."""

from __future__ import annotations

from smegraph.sparql.errors import QueryRefused


class NotWritable(QueryRefused):
    """These results cannot be written in this format, though they can in others."""
