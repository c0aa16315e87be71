"""A graph served over HTTP: the SPARQL endpoint, the graph store, the pages."""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from smegraph.server.app import Application, create_app, run
    from smegraph.server.settings import Settings

__all__ = ["Application", "Settings", "create_app", "run"]

_HOMES: Final = {"Application": "app", "Settings": "settings", "create_app": "app", "run": "app"}


def __getattr__(name: str) -> Any:
    """Import what is asked for only then: the loader and the workers need none of the web."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
