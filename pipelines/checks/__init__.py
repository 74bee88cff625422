"""Whether tables and published figures hold what they must. Results are names and counts only."""
