"""What an operator chose, in the environment or in a settings file: read once, every fault told at once."""

from bot.settings.chosen import HOUSE, Settings
from bot.settings.reading import read_settings
from bot.settings.secret import Secret

__all__ = ["HOUSE", "Secret", "Settings", "read_settings"]
