"""Everything that can be known to be wrong with what authors wrote, before anybody talks to it."""

from bot.content.checks.survey import check
from bot.content.checks.together import check_all
from bot.content.checks.webs import Pieces

__all__ = ["Pieces", "check", "check_all"]
