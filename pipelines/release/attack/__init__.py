"""An attacker who holds all that is public, and what the release does about it."""
