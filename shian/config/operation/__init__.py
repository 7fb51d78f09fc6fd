"""Running it in earnest: health, metrics, structured logs, backup and restore. The runbook is deploy/runbook.md."""
