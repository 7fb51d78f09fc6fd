"""Assess: the portal of assessors: the items, their evidence, figures, rows and proofs; read only, for a limited time.

Assessors change nothing (accounts.middleware.ReadOnlyMiddleware), and each of their looks is written down
(disclosures.middleware.LookMiddleware); the office reads that list here.
"""
