"""From statements to named graphs: validate, reason, derive, describe."""
