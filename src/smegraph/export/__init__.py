"""Parts of a release as files for others: what is taken, in which format, and where it goes."""
