"""How fast the dashboard is, in a real browser: `python -m benchmarks.ui_bench`."""
