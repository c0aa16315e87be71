"""Worker processes that answer queries, and what keeps them within their bounds."""

from smegraph.server.workers.forkserver import Plan
from smegraph.server.workers.forkserver_client import PoolFailed
from smegraph.server.workers.pool import Pool, PoolSettings

__all__ = ["Plan", "Pool", "PoolFailed", "PoolSettings"]
