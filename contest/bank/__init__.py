"""Bank: questions, their revisions, and the draw of a paper from a pool."""
