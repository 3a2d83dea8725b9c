"""Continuum waves in the field that an ion leaves."""
