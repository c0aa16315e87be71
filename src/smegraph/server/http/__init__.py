"""HTTP itself: connections, limits, headers, bodies, negotiation, conditions, problems."""
