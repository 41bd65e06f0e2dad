"""How the encoders were tuned for danger; it needs torch, which is in no lock."""
