"""Readers of the file formats people hand in; each turns bytes into the same kind of blocks."""
