"""`python -m pos.launch` opens the practice shop; with the word `sandbox`, the bank alone."""

import sys

from pos.launch.shop import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
