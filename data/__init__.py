"""Nouns: what a night is, and the store that remembers it; imports none of the other packages."""
