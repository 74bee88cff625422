"""Charts: pure functions from a frame to a figure. No Streamlit, no reading, no sums."""
