"""Archives (归档): export sets that are read without the system, one folder per item, index and checksums beside them.

Basis: 佐证材料归档留存 of the evaluation (row N-09). Used by the campaign office and the counties, read by assessors.
Verbs: ask for a set, build it. A domain hands in its kinds of sets, any app the files that belong to an item.

Start here:
    sets.py       register_set(SetKind(...)), register_contributor(...): what a set holds
    rows.py       the rows behind a figure as CSV, personal data masked
    seals.py      the seals of a folder: leaf hashes with their paths, no content
    packing.py    one zip: folders, index.html, manifest.json, SHA256SUMS
"""
