"""The command `send`: one thin module per group of verbs. No logic of its own."""
