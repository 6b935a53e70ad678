"""`lexicon.yaml`: how names and odd words are said, and which words of a book may need an entry."""
