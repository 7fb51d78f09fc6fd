"""Public: what citizens open without signing in. Now the page behind an operator's code; it shows a closed list of
fields (domains/census/queries/public.py), says plainly when a code is suspended or revoked, and keeps nothing of the
visitor but a count per day."""
