"""The wire: bytes of other pods to values and back, pure and without input or output."""
