"""The ontology folder as data: terms, classes, concepts, sheets and columns."""
