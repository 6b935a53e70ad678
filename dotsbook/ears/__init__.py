"""Hears takes and compares them with their text: recognisers, and judges that ask them. It knows no books."""
