"""Channel adapters, unaware of each other."""
