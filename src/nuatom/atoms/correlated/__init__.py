"""Responses of all electrons together: relativistic linear response."""
