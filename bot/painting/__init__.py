"""Pictures drawn on the server, by Pillow: they leave as the bytes of a PNG."""
