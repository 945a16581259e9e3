"""Verdicts, reasons, limits, gaps and the next question (pure: the date is an argument)."""
