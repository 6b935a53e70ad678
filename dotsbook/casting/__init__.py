"""The casting room: a Book → who speaks in it, found by offsets, with a probability and a reason. No text changes."""
