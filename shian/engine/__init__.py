"""The mechanisms that domains declare themselves to.

Order: reports › scorecards › measures › trace › cases › draws › forms › ledgers.
"""
