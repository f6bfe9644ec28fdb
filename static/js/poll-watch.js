// Watches the poll of one fragment: when the server has given no good answer for too long, whoever asked is told,
// and told again when fresh content has come. The only file that knows the names of htmx's events.
// A poll may be answered late, when something changes. htmx asks again at once after it, for it keeps one tick of its
// clock that fell into the waiting; and no more than once a second where answers come quickly.
(function () {
  'use strict';
  const Pos = (window.Pos = window.Pos || {});
  const SLACK_MS = 2000; // what a slow line may take of the limit
  const PLAIN_MS = 300000; // how long nothing is waited for, after an answer that did not come

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
    let plainUntil = 0;

    // A sleeping device stops the monotonic clock on some systems and not the wall clock;
    // a corrected wall clock may jump back. The longer of the two silences is believed.
    function clocks() {
      return { steady: performance.now(), wall: Date.now() };
    }

    function silence() {
      const now = clocks();
      return Math.max(now.steady - good.steady, now.wall - good.wall);
    }

    function check() {
      if (silence() > limit && !isLost) {
        isLost = true;
        lost();
      }
    }

    document.addEventListener('htmx:afterRequest', function (event) {
      if (!event.detail.target || event.detail.target.id !== id) {
        return;
      }
      if (event.detail.successful) {
        // A silence that ends with this very answer was still a silence: see it first.
        check();
        good = clocks();
      } else {
        // Perhaps something on the way cuts what waits.
        plainUntil = performance.now() + PLAIN_MS;
      }
    });

    // How many seconds an answer may take so that it still comes well before the limit. A page that nobody looks at
    // waits for nothing: browsers open only a few connections to one server, for all of its pages.
    function seconds() {
      if (document.hidden || performance.now() < plainUntil) {
        return 0;
      }
      return Math.round((limit - SLACK_MS - silence()) / 1000);
    }

    // While lost, what was on the screen is not to be trusted, nor its countdown: ask for the
    // whole fragment, not for "anything new since".
    document.addEventListener('htmx:configRequest', function (event) {
      if (!event.detail.target || event.detail.target.id !== id) {
        return;
      }
      if (!isLost) {
        const wait = seconds();
        if (wait > 0) {
          event.detail.headers.Prefer = 'wait=' + wait;
        }
      } else {
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
