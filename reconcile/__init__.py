"""Finds what is missing between two sides of a lead sale, and closes it."""
