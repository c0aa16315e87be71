"""Serve a release over HTTP: the SPARQL endpoint and the pages."""

from smegraph.server.app import ReleaseUnreadable, create_app, run

__all__ = ["ReleaseUnreadable", "create_app", "run"]
