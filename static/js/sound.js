// The shop's sounds, made of notes and no files, and their volume, which this device keeps. A browser lets no page
// sound before a person has touched it: until then `isSilent` says so, and whoever asked is told when that changes.
(function () {
  'use strict';
  const Pos = (window.Pos = window.Pos || {});
  const VOLUME = 'pos-volume';

  // Each note: hertz, when it begins, how long it lasts (seconds), its wave. A small loudspeaker has no
  // bass: what is low gets the wave with the most overtones.
  const NOTES = {
    success: [
      [659, 0, 0.22, 'triangle'],
      [988, 0.2, 0.38, 'triangle'],
    ],
    problem: [[196, 0, 0.4, 'sawtooth']],
    attention: [
      [880, 0, 0.13, 'square'],
      [880, 0.22, 0.13, 'square'],
      [880, 0.44, 0.13, 'square'],
    ],
    test: [[659, 0, 0.2, 'triangle']],
  };
  const LOUDNESS = { triangle: 0.9, sawtooth: 0.5, square: 0.35 };
  const SHAKES = { success: [120, 60, 200], problem: [400], attention: [120, 90, 120, 90, 120] };

  const told = [];
  let context = null;

  function tell() {
    told.forEach(function (one) {
      one();
    });
  }

  // Made when first needed: a page that never sounds asks for no loudspeaker.
  function ours() {
    if (!context && window.AudioContext) {
      context = new AudioContext();
      context.addEventListener('statechange', tell);
    }
    return context;
  }

  // Puts the notes of one sound on a context; a rise and a fall keep each from clicking.
  function schedule(target, kind, volume) {
    NOTES[kind].forEach(function (note) {
      const [hertz, from, length, wave] = note;
      const begin = target.currentTime + from;
      const oscillator = target.createOscillator();
      const gain = target.createGain();
      oscillator.type = wave;
      oscillator.frequency.value = hertz;
      gain.gain.setValueAtTime(0, begin);
      gain.gain.linearRampToValueAtTime(volume * LOUDNESS[wave], begin + 0.015);
      gain.gain.setValueAtTime(volume * LOUDNESS[wave], begin + length * 0.6);
      gain.gain.linearRampToValueAtTime(0, begin + length);
      oscillator.connect(gain).connect(target.destination);
      oscillator.start(begin);
      oscillator.stop(begin + length);
    });
  }

  function volume() {
    const kept = Number(localStorage.getItem(VOLUME) ?? 0.8);
    return kept >= 0 && kept <= 1 ? kept : 0.8;
  }

  function isSilent() {
    return !ours() || context.state !== 'running';
  }

  function play(kind) {
    if (!isSilent() && volume() > 0) {
      schedule(context, kind, volume());
    }
  }

  // Browsers shake, and sound, for a person who has touched the page, and complain otherwise.
  function shake(kind) {
    if (navigator.vibrate && navigator.userActivation && navigator.userActivation.hasBeenActive) {
      navigator.vibrate(SHAKES[kind]);
    }
  }

  // To be called by a touch: wakes the loudspeaker, and then `done`.
  function unlock(done) {
    if (isSilent() && context) {
      context.resume().then(function () {
        tell();
        if (done) {
          done();
        }
      });
    } else if (done) {
      done();
    }
  }

  Pos.sound = {
    schedule: schedule,
    play: play,
    shake: shake,
    unlock: unlock,
    isSilent: isSilent,
    volume: volume,
    setVolume: function (value) {
      localStorage.setItem(VOLUME, String(value));
      tell();
    },
    // Calls `changed` now and whenever the sound is silenced, woken, or given another volume.
    onChange: function (changed) {
      told.push(changed);
      changed();
    },
  };
})();
