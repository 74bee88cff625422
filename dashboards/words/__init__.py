"""Sentences made from figures: pure functions, true for any data, no Streamlit and no reading."""
