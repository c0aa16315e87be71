"""``python -m smegraph``."""

from smegraph.cli import main

main(prog_name="smegraph")
