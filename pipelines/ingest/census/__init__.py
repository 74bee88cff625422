"""The school census and the alternative provision census: recognised, read, never interpreted."""
