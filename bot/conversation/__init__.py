"""Stores what comes in, decides who answers, calls the engine and writes the answer, one talk at a time."""
