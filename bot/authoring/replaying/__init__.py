"""What people did, done again with other flows: where the answers differ, and what is taken on trust."""
