"""One module a platform: it translates between the platform and our own messages, and nothing else."""
