"""What an operator runs beside the service: copies, keys, what is kept of one person, what to mend."""
