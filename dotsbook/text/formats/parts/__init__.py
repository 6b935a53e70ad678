"""What the formats are made of or share: zip, package, navigation, front matter, tokens."""
