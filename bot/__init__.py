"""Lowtide: a private companion for the moment before you push someone away."""

__version__ = "0.1.0"
