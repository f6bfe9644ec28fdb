// The count's grid: what the pieces come to, beside each note and in all. The server adds up by itself.
(function () {
  'use strict';
  const SIGNS = { USD: '$', KHR: '៛' };

  function plain(field) {
    return /^\d{1,12}$/.test(field.value.trim()) ? Number(field.value.trim()) : 0;
  }

  document.querySelectorAll('.count-grid').forEach(function (grid) {
    const sign = SIGNS[grid.dataset.currency];
    const total = grid.querySelector('[data-total]');

    function add() {
      let sum = 0;
      grid.querySelectorAll('[data-note]').forEach(function (field) {
        const worth = plain(field) * Number(field.dataset.note);
        field.parentElement.querySelector('[data-sum]').textContent = worth
          ? sign + worth.toLocaleString('en')
          : '';
        sum += worth;
      });
      total.textContent = sign + sum.toLocaleString('en');
    }

    grid.querySelector('.count-total').hidden = false;
    grid.addEventListener('input', add);
    add();
  });

  // Enter leads to the next note, as on a sheet of paper; only the button sends.
  const fields = Array.from(document.querySelectorAll('.count-input'));
  fields.forEach(function (field, at) {
    field.addEventListener('keydown', function (event) {
      if (event.key === 'Enter') {
        event.preventDefault();
        (fields[at + 1] || document.querySelector('#count .button')).focus();
      }
    });
  });
})();
