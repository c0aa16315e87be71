"""What a language model asks the graph with: tools, and the MCP server that offers them."""
