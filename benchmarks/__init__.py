"""Measurements of Nocturne: each runs as `python -m benchmarks.NAME` and prints one JSON object last."""
