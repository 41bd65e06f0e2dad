"""What authors write: flows, prompts and words, read with the place of every fault."""
