"""`send serve`: the pages for several readers, behind a guard that decides before Streamlit sees.

What belongs here: who may read what, and the routes beside the pages. What does not: pages, and any
reading of figures but the row-level files for officers (dashboards/queries/row_files.py).
"""
