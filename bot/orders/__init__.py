"""What can be asked for on the command line: names, options, and what runs, loaded only then."""
