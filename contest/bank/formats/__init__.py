"""Formats of the question bank: what a question is in a file, and how a file becomes questions.

Keeps: `question.py` (the shape, what counts as the same question), `yaml_tree.py` (YAML with a
line for every value), `yaml_shape.py` (that tree against the shape), `yaml_files.py` (files and
folders to questions, or faults with places), `schema.py` (the shape published for editors).
Never keeps: rows of a database, house style (`bank/lint.py`).

A bank file is kept as the bytes it came in (`BankFile.content`). Nothing here writes YAML: an
export that gave back anything but those bytes would lose comments and the order of keys.
"""
