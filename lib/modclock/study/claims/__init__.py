"""Claims: criteria, measures with intervals, judgements, and whether two runs agree."""
