"""What knows nothing of food: accounts, scope, jobs, notary, files, imports and the look of every page."""
