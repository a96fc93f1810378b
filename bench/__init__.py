"""What ``./dev bench`` measures: see ``__main__``."""
