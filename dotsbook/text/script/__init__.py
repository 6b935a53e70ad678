"""A Book → chunks: sentences, pieces, speakers, pauses, what is said, and the receipt."""
