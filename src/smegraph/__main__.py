"""`python -m smegraph`."""

from smegraph.cli.main import main

main(prog_name="smegraph")
