"""Cases, conversations and officers in the database; the working-day clock; sealing of personal data."""
