"""The SEN2 person-level return: one module for each form in which it comes, and two writers.

Every reader gives the same `Modules`; what a column is called, typed and spelled stands in
data/reference/sources/sen2.yml. Nothing is judged and nothing is hidden here.
"""
