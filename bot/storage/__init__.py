"""Where all is kept: a file or memory, each behind the same small port."""
