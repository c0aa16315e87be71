"""The audit: what can be checked of an ontology, and of all the studies together, by a script."""
