"""The process that compares two releases: it prints what changed as JSON, or a sentence.

    python -m smegraph.server.exports.changes_process OLD NEW PARENT MEMORY

OLD and NEW are folders of releases, PARENT is the process that it ends with, MEMORY the bytes that
it may have. The exit code is 1 where the two cannot be compared.
"""

from __future__ import annotations

import json
import os
import resource
import sys

from smegraph.errors import SmegraphError
from smegraph.publishing.difference import compare
from smegraph.publishing.sides import open_side
from smegraph.publishing.words import in_words, to_json
from smegraph.server.workers.sandbox import LOW_PRIORITY, die_with_parent, leave_network


def main(old: str, new: str, parent: str, memory: str) -> int:
    """Compare, and print; return the exit code."""
    die_with_parent(int(parent))
    leave_network()
    os.nice(LOW_PRIORITY)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (int(memory), int(memory)))
    try:
        difference = compare(open_side(old), open_side(new))
    except SmegraphError as error:
        print(error)
        return 1
    json.dump(to_json(difference, in_words(difference)), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
