"""The form of a column: one for all its values, told by them or by matched events, or asked."""
