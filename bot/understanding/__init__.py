"""Chinese text → facts about a firm, the products meant and what is asked (pure: no network, no clock)."""

from bot.understanding.lexicon import Lexicon, default_lexicon, lexicon_of
from bot.understanding.reader import Reader
from bot.understanding.reading import Mention, Reading

__all__ = ["Lexicon", "Mention", "Reader", "Reading", "default_lexicon", "lexicon_of"]
