"""What leaves the pages as a file: the one-page PDF, the workbook and the evidence pack.

Each is made from the same queries as the pages, of one frozen release, without a browser. Nothing
here runs Streamlit, and nothing is computed that a page would not show.
"""
