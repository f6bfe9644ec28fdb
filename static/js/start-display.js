// Starting the customer's screen by one touch: it fills the screen and, where it is the device that sounds, the
// loudspeaker wakes with a test tone. A crossed loudspeaker stays to be seen until it has.
(function () {
  'use strict';
  const Pos = window.Pos;
  const root = document.documentElement;
  const box = document.getElementById('start-display');
  const off = document.getElementById('sound-off');
  const volume = document.getElementById('display-volume');
  const slider = document.getElementById('volume');
  let speaks = false;
  let isHeard = false; // no loudspeaker is asked for by a screen that never sounds

  // A kiosk's window fills the screen by itself, and so does an installed app.
  function isFull() {
    return Boolean(document.fullscreenElement) || matchMedia('(display-mode: fullscreen)').matches;
  }

  function draw() {
    const isSilent = speaks && Pos.sound.isSilent();
    off.hidden = !isSilent;
    volume.hidden = !speaks;
    box.hidden = !isSilent && (isFull() || !root.requestFullscreen);
  }

  document.getElementById('start-button').addEventListener('click', function () {
    if (root.requestFullscreen && !isFull()) {
      root.requestFullscreen().catch(function () {
        // Not allowed here: the screen works as well in its window.
      });
    }
    if (speaks) {
      Pos.sound.unlock(function () {
        Pos.sound.play('test');
      });
    }
  });

  slider.value = String(Math.round(Pos.sound.volume() * 100));
  slider.addEventListener('change', function () {
    Pos.sound.setVolume(Number(slider.value) / 100);
    Pos.sound.unlock(function () {
      Pos.sound.play('test');
    });
  });

  document.addEventListener('fullscreenchange', draw);
  matchMedia('(display-mode: fullscreen)').addEventListener('change', draw);
  Pos.onFragment('screen', function (fragment) {
    speaks = fragment.dataset.speaks === 'yes';
    if (speaks && !isHeard) {
      isHeard = true;
      Pos.sound.onChange(draw);
    }
    draw();
  });
})();
