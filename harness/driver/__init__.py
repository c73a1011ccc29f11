"""How an implementation is told to do what people do; adapters, and the login they act with."""
