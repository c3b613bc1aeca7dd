"""`make bench`: how fast the site is, each figure against a baseline measured in the same run.

The rules: docs/bench.md is written by this package and by nothing else; every comparison is the
ratio of two medians whose runs alternated, so that a busy minute of the machine hits both sides.
"""
