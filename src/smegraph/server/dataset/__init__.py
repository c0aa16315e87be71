"""The writable dataset: one writer, its uploads, its tokens."""
