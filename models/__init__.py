"""Weights: the only place where model libraries are used, each imported lazily."""
