"""Why an export is not made."""

from __future__ import annotations

from smegraph.server.engine.errors import DeadlineExceeded, EngineError


class ExportTooSlow(DeadlineExceeded):
    """An export was ended at its deadline."""

    def __init__(self, seconds: float) -> None:
        """Take the time that it had."""
        EngineError.__init__(
            self,
            f"The export was ended after {seconds:g} s. Take a smaller part, or the files of the "
            "release, listed at /data; `smegraph export` has no limit.",
        )
        self.seconds = seconds
