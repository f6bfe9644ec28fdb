// The page of the till's sound: the volume of this device, and each sound to be heard.
(function () {
  'use strict';
  const Pos = window.Pos;
  const slider = document.getElementById('volume');
  const shown = document.getElementById('volume-shown');
  const box = document.getElementById('sound-device');

  function draw() {
    const percent = Math.round(Pos.sound.volume() * 100);
    slider.value = String(percent);
    shown.textContent = percent + ' %';
  }

  box.hidden = false;
  slider.addEventListener('input', function () {
    Pos.sound.setVolume(Number(slider.value) / 100);
    draw();
  });
  slider.addEventListener('change', function () {
    Pos.sound.unlock(function () {
      Pos.sound.play('test');
    });
  });
  box.querySelectorAll('[data-hear]').forEach(function (button) {
    button.addEventListener('click', function () {
      Pos.sound.unlock(function () {
        Pos.sound.play(button.dataset.hear);
      });
    });
  });
  draw();
})();
