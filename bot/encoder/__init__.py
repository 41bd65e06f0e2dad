"""A sentence becomes a point among others that mean alike: MiniLM, carried by a package, in numpy."""
