"""The stories: what people do, and what must be true on every pod in the end."""
