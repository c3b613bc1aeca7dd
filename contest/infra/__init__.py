"""Doors to the world outside: database, jobs, mail, clock, chance, metrics. Knows no room."""
