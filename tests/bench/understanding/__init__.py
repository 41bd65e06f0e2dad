"""Benches of what is understood. They are timed with one thread for numpy, as `bot/cli.py` starts it."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
