"""What a council writes itself, as documented CSV: recognised, read, held against its contract."""
