"""The conversation service and everything it plugs into."""
