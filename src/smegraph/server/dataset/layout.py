"""What lies where in the folder of a writable dataset."""

from __future__ import annotations

from typing import Final

STORE: Final = "store"  # the engine's
SNAPSHOTS: Final = "snapshots"  # read-only copies of it, for queries
UPLOADS: Final = "uploads"  # what is on its way in
PENDING: Final = "pending"  # a change that stands, until it is carried out
TOKENS: Final = "tokens.json"
TOKENS_LOCK: Final = "tokens.lock"
TOKENS_NEW: Final = ".tokens-"  # how the name of a file of tokens begins until it is whole

CHANGE: Final = "change.json"  # in PENDING
DATA: Final = "data.nt"  # in PENDING
LOCK: Final = "LOCK"  # in STORE, the engine's
