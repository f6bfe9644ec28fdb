// The keypad: digits fill the amount from the right in dollars (3 5 0 is 3.50), and are whole riel in riel;
// + keeps a part and begins the next. Every key is drawn here, with no word from the server. What a person
// or a program writes into the field by itself is never rewritten: the server reads it, adds the parts
// itself, and refuses what it must in words.
(function () {
  'use strict';
  const text = window.Pos.amountText;
  const form = document.getElementById('charge');
  const field = document.getElementById('amount');
  const note = document.getElementById('note');
  const terms = form.elements.terms;
  const sum = document.getElementById('amount-sum');
  const grouped = document.getElementById('amount-grouped');
  const MAX_DIGITS = 12;
  const MOST_TERMS = 20;
  let parts = []; // what + has kept, in minor units
  let entry = field.value; // what is being typed: all of the field while nothing is kept
  let written = null; // the entry as the keypad wrote it last
  let isPointed = false; // the point was typed by hand: "12." is twelve dollars, and cents follow

  function currency() {
    return form.elements.currency.value;
  }

  function digits() {
    return text.digits(entry, currency());
  }

  function shaped(minor) {
    return text.shaped(String(minor), currency());
  }

  function added() {
    return parts.reduce(function (all, part) {
      return all + part;
    }, Number(digits() || 0));
  }

  function look() {
    const shown = parts.map(shaped).concat(entry || []);
    const length = field.value.length;
    terms.value = parts.length ? shown.join(' + ') : '';
    sum.textContent = parts.length ? shown.join(' + ') + (entry ? '' : ' +') : '';
    field.dataset.fit = length <= 7 ? 's' : length <= 11 ? 'm' : 'l';
    field.placeholder = text.zero(currency());
    grouped.textContent = text.grouped(field.value, currency());
    sum.scrollLeft = sum.scrollWidth;
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
    written = entry = value;
    field.value = parts.length ? shaped(added()) : entry;
    changed();
  }

  const KEYS = {
    Clear: function () {
      isPointed = false;
      parts = [];
      write('');
    },
    Backspace: function () {
      const shorter = entry.slice(0, -1);
      if (!entry && parts.length) {
        write(shaped(parts.pop()));
      } else if (isPointed && !shorter.includes('.')) {
        isPointed = false;
        write(text.shaped(shorter, currency()));
      } else if (isPointed || entry !== written || !digits()) {
        write(shorter);
      } else {
        write(text.shaped(digits().slice(0, -1), currency()));
      }
    },
    '.': function () {
      if (!isPointed) {
        const ours = entry === written ? digits() : null;
        isPointed = true;
        write((ours === null ? entry : ours || '0') + '.');
      }
    },
    '+': function () {
      if (digits() && parts.length < MOST_TERMS - 1) {
        parts = parts.concat(Number(digits()));
        isPointed = false;
        write('');
      }
    },
  };

  function digit(key) {
    if (isPointed) {
      write((entry + key).replace(/(\.\d\d)\d+$/, '$1'));
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
    // The focus stays where it was, so that Enter after a tap means Charge and not "once more".
    key.addEventListener('mousedown', function (event) {
      event.preventDefault();
    });
    key.addEventListener('click', function () {
      press(key.dataset.key);
    });
  });

  // An amount of the row above the keys takes the place of what is being typed.
  form.querySelectorAll('[data-quick]').forEach(function (quick) {
    quick.addEventListener('mousedown', function (event) {
      event.preventDefault();
    });
    quick.addEventListener('click', function (event) {
      event.preventDefault();
      form.elements.currency.value = quick.dataset.currency;
      isPointed = false;
      write(quick.dataset.quick);
    });
  });

  const readKey = window.Pos.wedge(
    function () {
      return { parts: parts, entry: entry, written: written, isPointed: isPointed, note: note.value };
    },
    function (code, before) {
      parts = before.parts;
      isPointed = before.isPointed;
      write(before.entry);
      written = before.written;
      note.value = (before.note ? before.note + ' ' : '') + code;
    },
  );

  document.addEventListener('keydown', function (event) {
    const at = document.activeElement || document.body;
    const isElsewhere = at.matches('input, select, textarea') && !form.contains(at);
    if (event.ctrlKey || event.metaKey || event.altKey || isElsewhere) {
      return;
    }
    if (readKey(event)) {
      event.preventDefault();
      return;
    }
    if (at === note) {
      // Enter ends the note; it charges nothing.
      if (event.key === 'Enter' || event.key === 'Escape') {
        event.preventDefault();
        note.blur();
      }
      return;
    }
    const other = document.getElementById({ '/': 'cash-button', '%': 'discount-button' }[event.key]);
    if (other) {
      event.preventDefault();
      form.requestSubmit(other);
      return;
    }
    const key = /^[0-9.+]$/.test(event.key)
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
    parts = [];
    entry = field.value;
    written = null;
    isPointed = false;
    changed();
  });

  // Digits from the keypad are taken over as typed: 1 5 0 0 0 in dollars becomes 15000 riel, as was meant.
  form.querySelectorAll('[name="currency"]').forEach(function (radio) {
    radio.addEventListener('change', function () {
      if (entry === written && !isPointed) {
        write(text.shaped(written.replace(/\D/g, ''), currency()));
      }
      look();
    });
  });

  // A sum that the server sent back goes on where it was.
  if (terms.value) {
    const sent = terms.value.split('+').map(function (term) {
      return text.digits(term, currency());
    });
    parts = sent.slice(0, -1).map(Number);
    entry = shaped(sent[sent.length - 1]);
  }
  field.inputMode = 'none'; // our keypad is on the screen: no second one over it
  if (entry === text.shaped(digits() || '', currency())) {
    written = entry;
  }
  look();
})();
