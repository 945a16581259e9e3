"""Measures understanding and answers on labelled sentences that were never trained on."""
