"""Releases: frozen files that every screen reads, how they are made, approved and found."""
