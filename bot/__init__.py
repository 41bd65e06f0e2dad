"""Lowtide: a private companion for the moment before you push someone away."""
