"""Sân Chơi: a city's quiz contest whose every name stands where it does for a reason one can read."""

__version__ = "0.1.0"
