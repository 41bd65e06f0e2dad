"""The pages for people outside: drawn from the flows, the words and the code, so that they cannot drift."""
