"""Run the process that holds the store and forks workers."""

from smegraph.server.workers.forkserver import main

main()
