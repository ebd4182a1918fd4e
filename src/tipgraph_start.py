"""The start of the program: an interrupt ends it without a traceback before it handles any.

It is outside the package, whose import takes most of that time.
"""

import signal
from typing import NoReturn


def run() -> NoReturn:
    """Run the program, which exits with its code."""
    # An interrupt that the program is to ignore stays ignored.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from tipgraph.cli import run

    run()
