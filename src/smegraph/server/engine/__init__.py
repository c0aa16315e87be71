"""The seam between HTTP and what answers, and the cache before it."""
