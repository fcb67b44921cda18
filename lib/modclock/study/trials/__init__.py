"""Trials: specs that become metrics, and the keys that say what their numbers depend on."""
