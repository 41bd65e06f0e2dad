"""`python -m bot`: the same command as `lowtide`."""

import sys

from bot.cli import main

if __name__ == "__main__":
    sys.exit(main())
