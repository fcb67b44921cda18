"""Processes that start at once."""
