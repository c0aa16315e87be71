"""A queryable knowledge graph of how small firms use digital platforms to go abroad."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smegraph.version import __version__

if TYPE_CHECKING:
    from smegraph.client import connect as connect

__all__ = ["__version__", "connect"]


def __getattr__(name: str) -> object:
    """Import what the package offers only when it is asked for, so that importing is quick."""
    if name == "connect":
        from smegraph import posix

        if posix.is_missing():
            raise ImportError(posix.NEEDED)
        from smegraph.client import connect

        return connect
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Return the names that completion shows, those not imported yet included."""
    return sorted({*globals(), *__all__})
