// The keypad: digits fill the amount from the right in dollars (3 5 0 is 3.50), and are whole riel in riel.
// Every key is drawn here, with no word from the server. What a person or a program writes into the
// field by itself is never rewritten: the server reads it, and refuses it in words if it must.
(function () {
  'use strict';
  const text = window.Pos.amountText;
  const form = document.getElementById('charge');
  const field = document.getElementById('amount');
  const grouped = document.getElementById('amount-grouped');
  const MAX_DIGITS = 12;
  let written = null; // what the keypad wrote last
  let isPointed = false; // the point was typed by hand: "12." is twelve dollars, and cents follow

  function currency() {
    return form.elements.currency.value;
  }

  function digits() {
    return text.digits(field.value, currency());
  }

  function look() {
    const length = field.value.length;
    field.dataset.fit = length <= 7 ? 's' : length <= 11 ? 'm' : 'l';
    field.placeholder = text.zero(currency());
    grouped.textContent = text.grouped(field.value, currency());
  }

  function changed() {
    field.removeAttribute('aria-invalid');
    const error = form.querySelector('.charge-error');
    if (error) {
      error.remove();
    }
    look();
  }

  function write(value) {
    written = value;
    field.value = value;
    changed();
  }

  const KEYS = {
    Clear: function () {
      isPointed = false;
      write('');
    },
    Backspace: function () {
      const shorter = field.value.slice(0, -1);
      if (isPointed && !shorter.includes('.')) {
        isPointed = false;
        write(text.shaped(shorter, currency()));
      } else if (isPointed || field.value !== written || !digits()) {
        write(shorter);
      } else {
        write(text.shaped(digits().slice(0, -1), currency()));
      }
    },
    '.': function () {
      if (!isPointed) {
        const ours = field.value === written ? digits() : null;
        isPointed = true;
        write((ours === null ? field.value : ours || '0') + '.');
      }
    },
  };

  function digit(key) {
    if (isPointed) {
      write((field.value + key).replace(/(\.\d\d)\d+$/, '$1'));
      return;
    }
    const more = ((digits() || '') + key).replace(/^0+/, '');
    if (more.length <= MAX_DIGITS) {
      write(text.shaped(more, currency()));
    }
  }

  function press(key) {
    (KEYS[key] || digit)(key);
    const drawn = form.querySelector('[data-key="' + key + '"]');
    if (drawn) {
      drawn.dataset.pressed = 'yes';
      setTimeout(function () {
        delete drawn.dataset.pressed;
      }, 120);
    }
  }

  form.querySelectorAll('[data-key]').forEach(function (key) {
    key.hidden = false;
    // The focus stays where it was, so that Enter after a tap means Charge and not "once more".
    key.addEventListener('mousedown', function (event) {
      event.preventDefault();
    });
    key.addEventListener('click', function () {
      press(key.dataset.key);
    });
  });

  document.addEventListener('keydown', function (event) {
    const at = document.activeElement || document.body;
    const isElsewhere = at.matches('input, select, textarea') && !form.contains(at);
    if (event.ctrlKey || event.metaKey || event.altKey || isElsewhere) {
      return;
    }
    if (event.key === '/') {
      event.preventDefault();
      form.requestSubmit(document.getElementById('cash-button'));
      return;
    }
    const key = /^[0-9.]$/.test(event.key)
      ? event.key
      : { Backspace: 'Backspace', Escape: 'Clear', ',': '.' }[event.key];
    if (event.key === 'Enter' && !event.repeat && !at.closest('a, button, summary, input')) {
      event.preventDefault();
      form.requestSubmit();
    } else if (key) {
      const isSelected = at === field && field.selectionStart !== field.selectionEnd;
      // Text that is no amount is left to the browser's own editing, and so is a selection.
      if (at === field && key !== 'Clear' && (isSelected || digits() === null)) {
        return;
      }
      event.preventDefault();
      press(key);
    }
  });

  field.addEventListener('input', function () {
    written = null;
    isPointed = false;
    changed();
  });

  // Digits from the keypad are taken over as typed: 1 5 0 0 0 in dollars becomes 15000 riel, as was meant.
  form.querySelectorAll('[name="currency"]').forEach(function (radio) {
    radio.addEventListener('change', function () {
      if (field.value === written && !isPointed) {
        write(text.shaped(written.replace(/\D/g, ''), currency()));
      }
      look();
    });
  });

  field.inputMode = 'none'; // our keypad is on the screen: no second one over it
  if (field.value === text.shaped(digits() || '', currency())) {
    written = field.value;
  }
  look();
})();
