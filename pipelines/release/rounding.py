"""The sizes of the rule for small numbers, where every module that needs them finds them."""

from __future__ import annotations

# Counts from 0 to this are hidden: nought too, for one that is shown would tell of the others.
LARGEST_HIDDEN = 7
# What is not hidden goes to the nearest multiple of this.
BASE = 5
# A share needs a denominator of this size, a mean so many cases.
LEAST_DENOMINATOR = 20
LEAST_OF_MEAN = 8
# Every hidden cell must keep so many possible values, whatever else is known.
LEAST_POSSIBLE = 4

# Where a measure is an exact total, it is so of these topics: kinds of places, roles of posts and
# actions of the plan divide no children.
EXACT_TOPICS = ("All", "Provision kind", "Staff role", "Plan action")
