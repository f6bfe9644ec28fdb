"""Answers of Bakong as they stand on the wire, to be spoilt by a test."""

import json

from pos.gateways.reply import Reply

HASH = "8465d722d7d5065f2886f0a474a4d34dc6a7855355b611836f7b6111228893e9"

NOT_FOUND = {
    "responseCode": 1,
    "responseMessage": "Transaction could not be found. Please check and try again.",
    "errorCode": 1,
    "data": None,
}


def transfer(**changes):
    """The `data` of a paid answer, as seen in production; a value of ... takes a field out."""
    data = {
        "hash": HASH,
        "fromAccountId": "abaakhppxxx@abaa",
        "toAccountId": "shop@aclb",
        "currency": "USD",
        "amount": 3.5,
        "description": None,
        "createdDateMs": 1772125349000,
        "acknowledgedDateMs": 1772125351000,
        "externalRef": "100FT36931627892",
        "trackingStatus": None,
        "receiverBank": None,
        "receiverBankAccount": None,
        "instructionRef": None,
    }
    return {name: value for name, value in (data | changes).items() if value is not ...}


def paid(*, data=..., **changes):
    """A paid answer, with these parts of its frame changed."""
    frame = {"responseCode": 0, "responseMessage": "Success", "errorCode": None}
    frame["data"] = transfer() if data is ... else data
    return {name: value for name, value in (frame | changes).items() if value is not ...}


def no(error, **changes):
    """A refusal with this errorCode."""
    return {
        "responseCode": 1,
        "responseMessage": "text",
        "errorCode": error,
        "data": None,
    } | changes


def reply(document, status=200, **headers):
    """The reply that carries the document; text and bytes go as they are."""
    if isinstance(document, bytes):
        body = document
    else:
        body = (document if isinstance(document, str) else json.dumps(document)).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply.of(status, named, body, "")
