// The Print button of a report; without script the browser's own menu prints just as well, so the button is hidden.
// A sheet that was counted as one printing prints itself once, and then goes back: printed again, it is a copy.
(function () {
  'use strict';
  document.querySelectorAll('[data-print]').forEach(function (button) {
    button.hidden = false;
    button.addEventListener('click', function () {
      window.print();
    });
  });
  var now = document.querySelector('[data-print-now]');
  if (now) {
    window.addEventListener('afterprint', function () {
      window.location.replace(now.dataset.printNow);
    });
    document.fonts.ready.then(function () {
      window.print();
    });
  }
})();
