// Watches the poll of one fragment: when the server has given no good answer for too long, whoever asked is told,
// and told again when fresh content has come. The only file that knows the names of htmx's events.
(function () {
  'use strict';
  const Pos = (window.Pos = window.Pos || {});

  // Calls `drawn(fragment)` now and after each swap. A mutation observer and not htmx's own
  // event, whose name differs between its versions.
  Pos.onFragment = function (id, drawn) {
    let last = document.getElementById(id);
    drawn(last);
    new MutationObserver(function () {
      const fragment = document.getElementById(id);
      if (fragment && fragment !== last) {
        last = fragment;
        drawn(fragment);
      }
    }).observe(last.parentNode, { childList: true });
  };

  // Calls `lost()` after `limit` ms without a good answer, `found()` when a whole fragment has come since.
  Pos.watchPoll = function (id, limit, lost, found) {
    let isLost = false;
    let good = clocks();

    // A sleeping device stops the monotonic clock on some systems and not the wall clock;
    // a corrected wall clock may jump back. The longer of the two silences is believed.
    function clocks() {
      return { steady: performance.now(), wall: Date.now() };
    }

    function check() {
      const now = clocks();
      const silence = Math.max(now.steady - good.steady, now.wall - good.wall);
      if (silence > limit && !isLost) {
        isLost = true;
        lost();
      }
    }

    document.addEventListener('htmx:afterRequest', function (event) {
      if (event.detail.successful && event.detail.target && event.detail.target.id === id) {
        // A silence that ends with this very answer was still a silence: see it first.
        check();
        good = clocks();
      }
    });

    // While lost, what was on the screen is not to be trusted, nor its countdown: ask for the
    // whole fragment, not for "anything new since".
    document.addEventListener('htmx:configRequest', function (event) {
      if (isLost && event.detail.target && event.detail.target.id === id) {
        const address = new URL(event.detail.path, location.href);
        address.searchParams.delete('seen');
        event.detail.path = address.pathname + address.search;
      }
    });

    Pos.onFragment(id, function () {
      if (isLost) {
        isLost = false;
        good = clocks();
        found();
      }
    });

    setInterval(check, 500);
    document.addEventListener('visibilitychange', check);
    window.addEventListener('pageshow', check);
  };
})();
