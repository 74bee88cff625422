"""A county that never existed, with published totals as its margins: sample data and load data.

It writes files such as councils send in. Nothing here reads one, and nothing here is about anybody.
"""
