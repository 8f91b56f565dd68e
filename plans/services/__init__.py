"""The only place that writes: each function checks, writes, and logs in one transaction."""
