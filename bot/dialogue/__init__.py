"""The conversation itself: (state, what was read, intent) → replies, new state, effects. Pure."""
