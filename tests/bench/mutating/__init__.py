"""One fault, or one harmless edit, at a random place of our own flows."""
