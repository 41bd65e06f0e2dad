"""Translating: what is missing or overtaken, and out to translators' tools and back."""
