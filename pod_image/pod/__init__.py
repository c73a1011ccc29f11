"""A pod: one server of the federation, and the people whose home it is."""
