"""Manuscript files → a Manuscript: a file a format, and one table of them."""
