"""Releases for others: compared, versioned, frozen, described, and packed to be cited."""
