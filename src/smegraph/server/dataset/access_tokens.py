"""Keep the bearer tokens of a writable dataset: what each may do, and its hash alone.

A token has 256 random bits, so nobody can search for one that fits a hash, and a fast hash does
(slow ones protect passwords, of which there are few); it also lets each request be checked in
microseconds.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
import secrets
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, get_args

from smegraph.files import sync_file, sync_folder
from smegraph.server.dataset.errors import NoSuchToken, TokensUnreadable
from smegraph.server.dataset.interface import Permission
from smegraph.server.dataset.layout import TOKENS, TOKENS_LOCK, TOKENS_NEW

PREFIX: Final = "smegraph_"
PERMISSIONS: Final[tuple[Permission, ...]] = get_args(Permission)

_BYTES: Final = 32
_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class StoredToken:
    """What is kept of a token.

    Attributes:
        id: what people call it by; it says nothing of the token.
        sha256: the SHA-256 of the token in hexadecimal digits.
        scopes: what it permits, sorted.
        created: when it was made, in UTC (ISO 8601).
    """

    id: str
    sha256: str
    scopes: tuple[str, ...]
    label: str
    created: str


# Decision 031: docs/decisions/031-access-tokens.md
class TokenFile:
    """The tokens of one dataset, in `tokens.json` of its folder, readable by its owner alone."""

    def __init__(self, folder: Path) -> None:
        """Take the folder of the dataset."""
        self._path = folder / TOKENS
        self._state: tuple[int, int, int] | None = None
        self._tokens: tuple[StoredToken, ...] = ()

    def tokens(self) -> tuple[StoredToken, ...]:
        """Return the tokens, oldest first; the file is read when it is another than before.

        Raises TokensUnreadable.
        """
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise TokensUnreadable(f"{self._path} cannot be read: {error}.") from error
        state = (found.st_mtime_ns, found.st_size, found.st_ino)
        if state != self._state:
            self._tokens, self._state = self._read(), state
        return self._tokens

    def find(self, token: str) -> StoredToken | None:
        """Return what is kept of a token; the time this takes does not depend on which it is."""
        sha256, match = _sha256(token), None
        for stored in self.tokens():
            if hmac.compare_digest(stored.sha256, sha256):
                match = stored
        return match

    def create(self, scopes: Collection[Permission], label: str = "") -> str:
        """Make a token that permits `scopes`, keep its hash, and return it."""
        token = PREFIX + secrets.token_urlsafe(_BYTES)
        stored = StoredToken(
            id=secrets.token_hex(4),
            sha256=_sha256(token),
            scopes=tuple(sorted(set(scopes))),
            label=label,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._change(lambda tokens: (*tokens, stored))
        return token

    def revoke(self, identifier: str) -> None:
        """Forget a token; a service that runs refuses it from now on. Raises NoSuchToken."""

        def without(tokens: tuple[StoredToken, ...]) -> tuple[StoredToken, ...]:
            kept = tuple(stored for stored in tokens if stored.id != identifier)
            if len(kept) == len(tokens):
                known = ", ".join(stored.id for stored in tokens) or "none"
                raise NoSuchToken(f"No token is called {identifier!r}; there are: {known}.")
            return kept

        if not self._path.exists():
            without(())
        self._change(without)

    def _read(self) -> tuple[StoredToken, ...]:
        try:
            content = json.loads(self._path.read_text("utf-8"))
            if content["version"] != _VERSION:
                raise ValueError(f"version {content['version']!r} is unknown")
            return tuple(_stored(entry) for entry in content["tokens"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise TokensUnreadable(
                f"{self._path} cannot be read ({error!r}). Put back a copy of it, or remove it "
                "and make new tokens with `smegraph token`."
            ) from error

    def _change(self, change: Callable[[tuple[StoredToken, ...]], tuple[StoredToken, ...]]) -> None:
        """Write the tokens anew; whoever else wants to do so at the same time waits."""
        with _locked(self._path.with_name(TOKENS_LOCK)):
            before = self._read() if self._path.exists() else ()
            tokens = [asdict(stored) for stored in change(before)]
            _replace(self._path, {"version": _VERSION, "tokens": tokens})


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def _stored(entry: dict[str, object]) -> StoredToken:
    """Return one entry of the file, checked: an unknown member is an error, as a missing one is."""
    scopes = entry["scopes"]
    if not isinstance(scopes, list) or not set(scopes) <= set(PERMISSIONS):
        raise ValueError(f"{scopes!r} are no scopes")
    texts = {name: value for name, value in entry.items() if name != "scopes"}
    if not all(isinstance(value, str) for value in texts.values()):
        raise ValueError("an entry has a member that is no text")
    return StoredToken(scopes=tuple(scopes), **texts)  # type: ignore[arg-type]


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold an advisory lock on a file beside the tokens, which itself is replaced."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _replace(path: Path, content: object) -> None:
    """Write beside (mode 0600), sync, rename, and sync the folder."""
    descriptor, beside = tempfile.mkstemp(dir=path.parent, prefix=TOKENS_NEW)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=1)
        sync_file(Path(beside))
        Path(beside).replace(path)
    except OSError:
        Path(beside).unlink()
        raise
    sync_folder(path.parent)
