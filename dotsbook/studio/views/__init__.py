"""What the studio answers, a file a view."""
