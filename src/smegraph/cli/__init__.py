"""The commands of `smegraph`: one file for each, their options, what they show on a terminal."""

from __future__ import annotations

from smegraph import posix

if posix.is_missing():  # before click and others are imported, which need it
    raise SystemExit(posix.NEEDED)
