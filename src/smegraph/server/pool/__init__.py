"""Worker processes that answer queries, and what keeps them within their bounds."""

from smegraph.server.pool.hatchery import PoolFailed
from smegraph.server.pool.pool import Pool, PoolSettings
from smegraph.server.pool.zygote import Plan

__all__ = ["Plan", "Pool", "PoolFailed", "PoolSettings"]
