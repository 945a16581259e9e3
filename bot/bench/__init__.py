"""Measures the running service, and a stock Rasa bot trained on the same data, in one run."""
