"""Run the process that holds the store and forks workers."""

from smegraph.server.pool.zygote import main

main()
