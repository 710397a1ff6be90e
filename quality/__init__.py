"""Judgement: pure functions that score, select, probe and gate; a model comes in as a `Chat`."""
