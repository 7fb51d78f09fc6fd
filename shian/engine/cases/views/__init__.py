"""Pages of cases: lists, one case, steps, requests, the calendar."""
