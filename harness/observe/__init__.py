"""Watching pods from outside: until nothing can move, and what they then believe."""
