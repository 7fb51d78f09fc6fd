"""Who saw or took personal data, and why (PIPL Art. 51, 54; GB/T 22239-2019 8.1.4.11): full values of a record are
shown once, for a stated reason; exports that are large or hold personal data ask for one; both are sealed and listed.

Verbs: open the full values of a record, record an export. Used by everybody; the list is read by administrators.
"""
