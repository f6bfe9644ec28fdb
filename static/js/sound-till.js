// The till's loudspeaker: woken by the first touch or key of the cashier, with a test tone after "Open shift";
// crossed out, and in words, while the browser keeps it silent.
(function () {
  'use strict';
  const Pos = window.Pos;
  const STARTED = 'pos-shift-started';
  const off = document.getElementById('sound-off');
  const form = document.querySelector('[data-starts-shift]');

  // Another page follows the press, and the tone would be cut off: the till sounds it.
  if (form) {
    form.addEventListener('submit', function () {
      sessionStorage.setItem(STARTED, 'yes');
    });
    return;
  }

  function test() {
    Pos.sound.play('test');
  }

  Pos.sound.onChange(function () {
    off.hidden = !Pos.sound.isSilent();
    document.documentElement.dataset.sound =
      Pos.sound.isSilent() || Pos.sound.volume() === 0 ? 'off' : 'on';
  });

  off.addEventListener('click', function () {
    Pos.sound.unlock(test);
  });

  ['pointerdown', 'keydown'].forEach(function (touch) {
    document.addEventListener(touch, function (event) {
      if (Pos.sound.isSilent() && !off.contains(event.target)) {
        Pos.sound.unlock();
      }
    });
  });

  if (sessionStorage.getItem(STARTED)) {
    sessionStorage.removeItem(STARTED);
    Pos.sound.unlock(test);
  }
})();
