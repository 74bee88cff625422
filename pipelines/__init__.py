"""How SEND Monitor runs: the way from the files people send to a published release."""

import os

# Before NumPy is imported. Its linear algebra would wake a thread on each core for every matrix of
# five by five, and burn their time waiting: a smoothing fit took six times the processor time.
# Whoever sets a number keeps it.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
