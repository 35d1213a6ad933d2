"""Computes what the store lacks."""
