"""What the house knows about itself: measures, models, fields, rules, sources and councils.

Each module reads YAML or SQL that stands beside the thing it describes and gives frozen objects.
Nothing here runs a query or opens a workspace.
"""
