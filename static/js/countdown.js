// Counts down what is left of a QR, from the milliseconds the server gave with the fragment.
// The device's own clock may be wrong by hours: only the time since the fragment came is measured here.
(function () {
  'use strict';
  const Pos = (window.Pos = window.Pos || {});
  const SHOWN_MS = 60000;

  // `ended(fragment)` is called once, when nothing is left.
  Pos.countdown = function (id, ended) {
    let fragment = null;
    let end = null;

    function draw() {
      if (end === null) {
        return;
      }
      const left = end - performance.now();
      const box = fragment.querySelector('[data-countdown]');
      if (box && left <= SHOWN_MS) {
        const seconds = Math.max(0, Math.ceil(left / 1000));
        box.hidden = false;
        box.querySelector('[data-countdown-seconds]').textContent = String(seconds);
        const ring = box.querySelector('[data-countdown-ring]');
        if (ring) {
          ring.style.strokeDashoffset = String(60 - Math.max(0, left / 1000));
        }
      }
      if (left <= 0) {
        end = null;
        fragment.dataset.ended = 'yes';
        ended(fragment);
      }
    }

    Pos.onFragment(id, function (fresh) {
      fragment = fresh;
      const remaining = fresh.dataset.remainingMs;
      end = remaining ? performance.now() + Number(remaining) : null;
      draw();
    });
    setInterval(draw, 250);
    document.addEventListener('visibilitychange', draw);
  };
})();
