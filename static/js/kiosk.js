// What makes this browser a counter's device: a screen that does not fall asleep, and the service worker that
// keeps the shop's files and its offline page. Browsers give both to https and localhost only.
(function () {
  'use strict';

  // The lock is taken back whenever the page is hidden.
  function stayAwake() {
    if ('wakeLock' in navigator && !document.hidden) {
      navigator.wakeLock.request('screen').catch(function () {
        // Refused on a low battery: the device's own settings then decide.
      });
    }
  }

  document.addEventListener('visibilitychange', stayAwake);
  stayAwake();

  if ('serviceWorker' in navigator) {
    window.addEventListener('load', function () {
      navigator.serviceWorker
        .register(document.querySelector('[data-worker]').dataset.worker)
        .catch(function () {
          // A device that may keep nothing works as before, without the offline page.
        });
    });
  }
})();
