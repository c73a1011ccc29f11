"""Plain frozen data of the harness; no I/O."""
