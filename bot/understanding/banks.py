"""How banks are called without 银行 or 行 behind the name."""

from __future__ import annotations

BANK_NAMES = "浦发|光大|民生|招商|平安|兴业|华夏|广发|浙商|中信|恒丰|渤海|农商|三峡|邮储|微众|网商"
"""Alternatives for a pattern."""
