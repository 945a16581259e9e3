"""The policy as data: reads and checks ``catalog/`` (pure: no network, no database, no clock)."""
