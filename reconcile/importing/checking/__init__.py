"""What a person should look at before a file counts."""
