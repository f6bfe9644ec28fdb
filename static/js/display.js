// The customer's screen around its polled fragment: what a screen reader hears, the cover of a lost server, the QR
// that goes at its last second, and the clock.
(function () {
  'use strict';
  const Pos = window.Pos;
  const LOST_AFTER_MS = 6000;
  const display = document.getElementById('display');
  const lost = document.getElementById('lost');

  // Under the cover the fragment is not drawn at all: a QR of five minutes ago must not be scanned.
  Pos.watchPoll(
    'screen',
    LOST_AFTER_MS,
    function () {
      display.dataset.lost = 'yes';
      lost.hidden = false;
    },
    function () {
      delete display.dataset.lost;
      lost.hidden = true;
    },
  );

  // `data-ended` on the fragment hides the QR by style; nothing else is to be done here.
  Pos.countdown('screen', function () {});

  // The shop's time, as the server gave it with the fragment; the device's own clock is not asked.
  let clock = null;
  let startedAt = 0;
  let startSeconds = 0;

  function drawClock() {
    if (clock) {
      const seconds = startSeconds + (performance.now() - startedAt) / 1000;
      const minutes = Math.floor(seconds / 60) % (24 * 60);
      const two = function (number) {
        return String(number).padStart(2, '0');
      };
      clock.textContent = two(Math.floor(minutes / 60)) + ':' + two(minutes % 60);
    }
  }

  const announcer = document.getElementById('announcer');

  Pos.onFragment('screen', function (fragment) {
    // Only a change is said: a fragment that says the same must not be read out again.
    if (announcer.textContent !== fragment.dataset.announce) {
      announcer.textContent = fragment.dataset.announce;
    }
    clock = fragment.querySelector('[data-clock]');
    if (clock) {
      const parts = clock.dataset.clock.split(':').map(Number);
      startSeconds = parts[0] * 3600 + parts[1] * 60 + parts[2];
      startedAt = performance.now();
      drawClock();
    }
  });
  setInterval(drawClock, 1000);
})();
