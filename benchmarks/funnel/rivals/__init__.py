"""The jobs of other tools, each run by the interpreter of their own environment, without ours."""
