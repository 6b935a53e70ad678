"""The studio: a book in a browser, while it is cast, rendered, heard and corrected. Needs the extra `studio`."""
