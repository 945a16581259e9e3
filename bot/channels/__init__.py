"""The doors that firms come through: one folder a channel."""
