"""Sentences: Prefect flows that put the tasks in order; no logic of their own."""
