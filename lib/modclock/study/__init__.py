"""The study half: trials, their store and compute, claims, notebooks, reports, the CLI."""
