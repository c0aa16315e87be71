"""Links to the vocabularies and data of others: SSSOM files become a graph of their own."""
