"""Verbs: one Prefect task per step; read the store, call one pure function, write the store."""
