"""What is asked: SPARQL read by its tokens, its dataset, its faults."""
