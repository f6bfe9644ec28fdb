"""What `make run` starts: the shop's app, its worker and the practice bank, as one.

    place      the addresses, read from the environment and seen to be free
    instance   the folder of the shop's data: secrets, logins, logs
    children   processes that are started, watched and ended together
    commands   the command line of each of them
    bank       the practice bank's app, and what is asked of it
    prepare    run apart: the database brought up to date, the demo shop on the first start
    shop       the two stories: the whole shop, or the bank alone
    terminal   what the person at the terminal is told

A door like `cli`: nothing in the shop's app knows of it.
"""

from pos.launch.shop import main, run_sandbox, run_shop

__all__ = ["main", "run_sandbox", "run_shop"]
