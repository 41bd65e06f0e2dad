"""Free text becomes one of the answers on the table, or nothing: what is not clear is not guessed."""
