// A result stays for its first seconds, whoever touches what: a stray tap must not take "Paid" off the screens before
// anybody has read it. Amounts may be typed meanwhile; what would lead away, or charge, waits.
(function () {
  'use strict';
  const till = document.querySelector('.till');
  const HELD = '.keypad-charge, .keypad-cash, .payment-actions .button, .charge-links a';
  let timer = 0;

  function mark(isHeld) {
    till.toggleAttribute('data-held', isHeld);
    till.querySelectorAll(HELD).forEach(function (one) {
      if (isHeld) {
        one.setAttribute('aria-disabled', 'true');
      } else {
        one.removeAttribute('aria-disabled');
      }
    });
  }

  function refuse(event) {
    const isHeld = till.hasAttribute('data-held');
    if (isHeld && (event.type === 'submit' || event.target.closest(HELD))) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }

  // Before any other script hears of it.
  till.addEventListener('submit', refuse, true);
  till.addEventListener('click', refuse, true);

  window.Pos.onFragment('payment', function (fragment) {
    const left = Number(fragment.dataset.lockedMs || 0);
    clearTimeout(timer);
    mark(left > 0);
    if (left > 0) {
      timer = setTimeout(mark, left, false);
    }
  });
})();
