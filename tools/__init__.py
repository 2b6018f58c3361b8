"""Tools of the workshop: what checks the product and is no part of it."""
