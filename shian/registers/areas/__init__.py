"""Areas (区划): province to village with dates, population by year, zones without a national code, outlines.

A merged township gets a new version and a successor link; old reports read old codes. Rows elsewhere carry area keys as
text columns, never foreign keys.
"""
