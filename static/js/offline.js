// Asks whether the shop is back, and then loads the page that was wanted.
(function () {
  'use strict';
  const alive = document.querySelector('[data-alive]').dataset.alive;
  const EVERY_MS = 3000;

  function ask() {
    fetch(alive, { cache: 'no-store' })
      .then(function (answer) {
        if (answer.ok) {
          location.reload();
        }
      })
      .catch(function () {
        // Still away.
      });
  }

  document.getElementById('try-now').addEventListener('click', function () {
    location.reload();
  });
  setInterval(ask, EVERY_MS);
  window.addEventListener('online', ask);
})();
