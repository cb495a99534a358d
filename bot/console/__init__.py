"""Web console for officers and curators."""
