"""Schema upgrades, one revision after the other."""
