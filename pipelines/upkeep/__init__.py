"""Keeping a workspace: backup, restore, and what is deleted when its time is up.

What a workspace holds is the work of ingest and release; this room moves it as a whole.
"""
