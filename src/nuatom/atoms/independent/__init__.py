"""Responses of independent electrons."""
