"""The `seedbed` command."""
