"""A reader's own package, for tests: a trial with an encoder of its own."""
