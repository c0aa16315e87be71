"""What can be wrong before the service starts."""

from __future__ import annotations

from collections.abc import Sequence

from smegraph.errors import SmegraphError


class SettingsError(SmegraphError):
    """Settings that cannot be used; one sentence for each thing that is wrong."""

    def __init__(self, problems: Sequence[str]) -> None:
        """Take the sentences."""
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class WrongAddress(SmegraphError):
    """An address, an origin or a host that a setting cannot have; the message says what it can."""
