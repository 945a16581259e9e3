"""Rasa's actions: one an intent. They read the tracker, call :mod:`bot.dialogue`, and hand its output on."""
