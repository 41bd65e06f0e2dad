"""The author's bench: what checks, plays, draws, records and releases flows, over the same loaded content."""
