"""The dialogue engine: the only place that imports Rasa. Runs in its own environment, on Python 3.10."""
