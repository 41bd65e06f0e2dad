"""The async core: one door for everything that happens to a person, and a way out for what is said."""
