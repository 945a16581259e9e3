"""What each intent does, one theme a module."""
