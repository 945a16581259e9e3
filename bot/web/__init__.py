"""What faces people over HTTP."""
