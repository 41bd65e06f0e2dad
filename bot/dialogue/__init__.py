"""What to say next: a pure function from flows, session, event and time to session and effects."""
