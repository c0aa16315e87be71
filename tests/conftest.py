"""What every test shares."""

from __future__ import annotations

import os

from hypothesis import settings

# Searching examples is repeatable in CI and has no deadline: a busy machine is no failure.
settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")
