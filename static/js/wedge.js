// A barcode scanner types like a keyboard, far faster than a hand, and ends with Enter. What it reads is no
// amount: Pos.wedge tells such a run of keys from typing, and says what stood before it began.
(function () {
  'use strict';
  const Pos = (window.Pos = window.Pos || {});
  const LEAST_KEYS = 6; // EAN-8 has eight; no hand keeps this pace for six
  const PAUSE_MS = 120; // after it a new run begins
  const MEAN_MS = 50; // scanners need 1 to 40 ms a key, quick hands 100

  // `keep` is called as a run begins and returns what to bring back; `scanned` gets the text and that.
  Pos.wedge = function (keep, scanned) {
    let text = '';
    let firstAt = 0;
    let lastAt = 0;
    let kept = null;

    function isScan(at) {
      const isEnd = at - lastAt <= PAUSE_MS;
      return isEnd && text.length >= LEAST_KEYS && lastAt - firstAt <= MEAN_MS * (text.length - 1);
    }

    // Returns whether this key, an Enter, ends a scan: then it is not for anybody else.
    return function (event) {
      const at = event.timeStamp;
      if (event.key === 'Enter') {
        const wasScan = isScan(at);
        const read = text;
        text = '';
        if (wasScan) {
          scanned(read, kept);
        }
        return wasScan;
      }
      if (event.key.length !== 1 || event.repeat) {
        // Shift goes with capital letters; any other key, and one held down, is a hand's.
        text = event.key === 'Shift' ? text : '';
        return false;
      }
      if (!text || at - lastAt > PAUSE_MS) {
        text = '';
        firstAt = at;
        kept = keep();
      }
      text += event.key;
      lastAt = at;
      return false;
    };
  };
})();
