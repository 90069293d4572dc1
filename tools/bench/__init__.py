"""Measures what Sideboard promises, side by side with the best there is today, in one run."""
