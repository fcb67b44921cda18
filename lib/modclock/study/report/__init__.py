"""The report: pages, the terminal, and what is published."""
