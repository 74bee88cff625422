"""Judgement: signal or noise, clearance of a queue, projections, scenarios, and how well they did.

Pure functions only: arrays in, arrays and frozen dataclasses out. Reading tables, writing marts and
drawing charts belong to those who call them. Each method is explained in docs/methods.md.
"""
