"""Which column fills which field, and what a person has said about the files of a sender."""
