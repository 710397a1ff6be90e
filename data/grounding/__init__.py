"""Seed sets written for this project: what grounds a night, and what its gates ask beside the memories."""
