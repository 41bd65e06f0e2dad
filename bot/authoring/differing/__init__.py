"""Two versions side by side: what changed for a person, and not in the lines of a file."""
