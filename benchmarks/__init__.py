"""Speed, measured as ratios in one run; never asserted by a test."""
