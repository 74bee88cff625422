"""The way in: bytes that arrive -> contract-checked rows in landing/. No figure is made here."""
