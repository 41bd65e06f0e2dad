"""Six questions, and what is written for the answers: the settings file and the key."""
