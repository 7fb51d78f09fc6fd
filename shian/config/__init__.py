"""Settings, root urls and the entry points: web, worker and command line. Nobody imports this package."""
