"""Where the table is among titles, totals and footers, and what each line is."""
