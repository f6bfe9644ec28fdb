// The cash page: chips fill in what is given, Escape leads back. Nothing is reckoned here: the server does.
(function () {
  'use strict';
  const form = document.getElementById('cash');
  const take = document.getElementById('take');

  form.querySelector('.cash-chips').hidden = false;
  form.querySelectorAll('.cash-chip').forEach(function (chip) {
    chip.addEventListener('click', function () {
      form.elements.usd.value = chip.dataset.usd;
      form.elements.khr.value = chip.dataset.khr;
      form.dispatchEvent(new Event('reckon'));
      take.focus(); // Enter takes it
    });
  });

  document.addEventListener('keydown', function (event) {
    if (event.key === 'Escape') {
      window.location.assign(document.getElementById('back').href);
    }
  });

  form.addEventListener('submit', function () {
    setTimeout(function () {
      form.querySelectorAll('button').forEach(function (button) {
        button.disabled = true;
      });
    });
  });

  window.addEventListener('pageshow', function () {
    form.querySelectorAll('button').forEach(function (button) {
      button.disabled = false;
    });
  });
})();
