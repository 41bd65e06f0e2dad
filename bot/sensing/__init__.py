"""A model of danger, taught with sentences: it hears what is meant where no rule hears what is said."""
