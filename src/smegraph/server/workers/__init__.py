"""Worker processes that answer queries, and what keeps them within their bounds."""
