"""What of a manuscript is narrated, what is skipped and why, and where chapters begin."""
