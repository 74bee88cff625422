"""Runs a SQL model. Every engine takes the same text and gives the same answers."""
