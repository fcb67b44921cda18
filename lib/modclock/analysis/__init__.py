"""Measures of encodings and of predictions."""
