"""The pages: a query, a function from rows to values, a template."""
