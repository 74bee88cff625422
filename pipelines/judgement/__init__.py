"""Judgement in the house: tables of marts that only Python can make, by pipelines/analysis.

Each module has a function `tables`, which reads marts and core and returns finished tables by name;
pipelines/registry/judgement.py lists them, make.py runs them. No method stands here (analysis has
those), and nothing here knows the door, a release or Dagster.
"""
