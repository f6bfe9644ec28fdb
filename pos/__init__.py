"""KHQR POS: the in-store payment counter.

The floors, from the ground up; imports go down, never up:

    0  alert_settings api_settings cash catalogue clock config errors khqr
       money paths permissions plans states totp version words             pure
    1  paper                            documents as values, PDFs, dots for receipt printers
    1  gateways                         the outside world, as frozen values
    1  messengers                       mail and Telegram, as frozen values
    1  database extensions models       memory
    2  reports                          figures, read only
    2  services                         deeds
    3  web cli worker demo launch       doors
    4  app                              the roof
    -  sandbox                          the practice bank, next door
"""

from pos.app import create_app

__all__ = ["create_app"]
