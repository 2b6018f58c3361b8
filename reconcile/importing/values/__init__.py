"""Texts into typed rows, and where those go."""
