"""The rules of a pod: values and functions without any I/O."""
