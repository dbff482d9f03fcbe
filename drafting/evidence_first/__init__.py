"""Sections of which a reviewer states key figures from the sources before the draft shows, and what that tells of reliance on it."""
