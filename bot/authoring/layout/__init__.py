"""One layout for what authors write, which changes blanks and nothing that is read."""
