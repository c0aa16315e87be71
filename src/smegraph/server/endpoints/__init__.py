"""What programs ask: the SPARQL Protocol, the Graph Store Protocol, the descriptions."""
