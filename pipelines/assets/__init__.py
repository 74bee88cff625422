"""Dagster assets: glue between the floors and the house. No logic of their own."""
