"""Pages and pieces of text → blocks: a paragraph each, with its marks and with what was left out of it. It knows no book."""
