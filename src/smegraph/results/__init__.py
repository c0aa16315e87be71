"""What is answered: query results in every format, piece by piece."""
