"""Walks through the flows: every conversation to a depth, then by chance; what breaks is made short."""
