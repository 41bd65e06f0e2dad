"""What an operator may see of a running Lowtide: numbers and log lines that reveal nobody."""
