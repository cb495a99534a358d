"""What the union knows: documents, retrieval and composed answers."""
