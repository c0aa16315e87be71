"""What the service tells whoever keeps it up: logs, metrics, health."""
