"""Sân Chơi: a city's quiz contest in which everybody can read why a name stands where it does."""

__version__ = "0.1.0"
