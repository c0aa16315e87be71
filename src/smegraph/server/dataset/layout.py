"""What lies where in the folder of a writable dataset."""

from __future__ import annotations

from typing import Final

IDENTITY: Final = "dataset.json"  # by which it is known again
STORE: Final = "store"  # the engine's
SNAPSHOTS: Final = "snapshots"  # read-only copies of it, for queries
UPLOADS: Final = "uploads"  # what is on its way in
TRIAL: Final = "trial"  # in UPLOADS, a copy of the store on which an update is tried
PENDING: Final = "pending"  # a change that stands, until it is carried out
RESTORED: Final = "store.restored"  # what takes the place of STORE
SET_ASIDE: Final = "set-aside"  # changes that could not be carried out
TOKENS: Final = "tokens.json"
TOKENS_LOCK: Final = "tokens.lock"
TOKENS_NEW: Final = ".tokens-"  # how the name of a file of tokens begins until it is whole

CHANGE: Final = "change.json"  # in PENDING
DATA: Final = "data.nt"  # in PENDING
LOCK: Final = "LOCK"  # in STORE, the engine's
