import pytest

MOST_BYTES = 100_000
"""Of the till's first load, as it comes over the wire."""


class Wire:
    """What a page fetches from its first byte on: each address, and its bytes on the wire."""

    def __init__(self, page):
        self.addresses, self.bytes = {}, {}
        self._session = page.context.new_cdp_session(page)
        self._session.send("Network.enable")
        self._session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        self._session.on("Network.requestWillBeSent", self._sent)
        self._session.on("Network.loadingFinished", self._done)

    def _sent(self, event):
        self.addresses[event["requestId"]] = event["request"]["url"]

    def _done(self, event):
        address = self.addresses[event["requestId"]]
        self.bytes[address] = int(event["encodedDataLength"])


@pytest.mark.parametrize("language", ["en", "km"])
def test_the_first_load_of_the_till_is_light_and_asks_no_other_host(live, till, language):
    chosen = {"name": "pos_language", "value": language, "url": live.url}
    till.page.context.add_cookies([chosen])
    wire = Wire(till.page)
    till.page.goto(f"{live.url}/till", wait_until="load")
    till.page.evaluate("document.fonts.ready")
    assert [name for name in wire.addresses.values() if not name.startswith(live.url)] == []
    assert len(wire.bytes) >= 8  # the page, its sheets and scripts, and the fonts
    assert sum(wire.bytes.values()) <= MOST_BYTES, wire.bytes
    assert ("khmer" in str(wire.bytes)) == (language == "km")
