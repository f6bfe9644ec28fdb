// The till's page around its polled fragment: what a screen reader hears, the banner of a lost server, the small
// QR that stays open when the fragment is drawn anew, and the Charge button that is pressed once.
(function () {
  'use strict';
  const Pos = window.Pos;
  const announcer = document.getElementById('announcer');
  const banner = document.getElementById('lost-banner');
  const LOST_AFTER_MS = 6000;
  const drawnFirst = document.getElementById('payment');
  let openQr = null; // the tran_id whose QR the cashier opened here, or closed ("")

  Pos.onFragment('payment', function (fragment) {
    // Only a change is said: a poll that swaps the same words must not be read out again.
    if (announcer.textContent !== fragment.dataset.announce) {
      announcer.textContent = fragment.dataset.announce;
    }
    const badge = document.getElementById('attention-count');
    badge.hidden = fragment.dataset.attention === '0';
    badge.querySelector('[data-count]').textContent = fragment.dataset.attention;
    // What the bank said before must not stand beside what it says now.
    const flash = document.querySelector('.flash');
    if (flash && fragment !== drawnFirst) {
      flash.remove();
    }
    const details = fragment.querySelector('#payment-qr');
    if (details) {
      if (openQr && openQr.tran === details.dataset.tran) {
        details.open = openQr.isOpen;
      }
      details.addEventListener('toggle', function () {
        openQr = { tran: details.dataset.tran, isOpen: details.open };
      });
    }
  });

  // A QR whose time is up is not shown a second longer, whatever the server is doing.
  Pos.countdown('payment', function (fragment) {
    const details = fragment.querySelector('#payment-qr');
    if (details) {
      details.hidden = true;
    }
  });

  Pos.watchPoll(
    'payment',
    LOST_AFTER_MS,
    function () {
      banner.hidden = false;
    },
    function () {
      banner.hidden = true;
    },
  );

  // The button that was pressed says so, and none is pressed twice. The first is Charge.
  const buttons = Array.from(document.querySelectorAll('#charge [data-busy]'));
  buttons[0].form.addEventListener('submit', function (event) {
    const pressed = event.submitter || buttons[0];
    pressed.dataset.idle = pressed.innerHTML;
    pressed.textContent = pressed.dataset.busy;
    // After the browser has read where this button leads.
    setTimeout(function () {
      buttons.forEach(function (button) {
        button.disabled = true;
      });
    });
  });

  // The browser may bring the page back as it was left, with the button still busy.
  window.addEventListener('pageshow', function () {
    buttons.forEach(function (button) {
      button.disabled = false;
      if (button.dataset.idle) {
        button.innerHTML = button.dataset.idle;
        delete button.dataset.idle;
      }
    });
  });
})();
