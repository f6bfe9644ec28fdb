"""The settings of the API for other programs."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings


class ApiSettings(BaseSettings):
    """How often programs may ask for QRs, what paying at once saves, and how hints are proven."""

    khqr_per_minute: int = Field(
        5, ge=1, description="QRs that a program asks for by order in a minute, at most."
    )
    khqr_per_hour: int = Field(20, ge=1, description="The same in an hour.")
    plan_discount: int = Field(
        5,
        ge=0,
        le=90,
        description="What a price is less, in percent, where a program's sale has the plan `full`:"
        " it is paid at once.",
    )
    webhook_secret: SecretStr = Field(
        SecretStr(""),
        description="Signs the hints of a Bakong relay; without one they need a token.",
    )
    webhook_loopback: bool = Field(
        False,
        description="Webhooks may go to this very machine, without TLS too: for practice alone.",
    )
