"""Is this an answer, or a sign of danger? Pure: text and lexicon in, a finding or nothing out."""
