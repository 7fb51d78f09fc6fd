"""Forms (打分表、检查表、自查表): versioned question sets written as XLSForm workbooks, scored by one rule everywhere.

Rows F-04, F-05, F-06, N-08. Experts write sheets, the office issues them, inspectors fill them in. A definition knows
nothing of its area: who checks what is a domain's matter. Verbs: upload, discard, issue, withdraw.
"""
