// Sounds the results of a polled fragment, each once: what a device has played it notes and never plays again,
// whether the fragment is swapped, the page reloaded, or two windows of it are open.
(function () {
  'use strict';
  const Pos = window.Pos;
  const MOST_NOTED = 200;
  const GRAVEST = ['attention', 'problem', 'success'];
  const id = document.getElementById('payment') ? 'payment' : 'screen';
  const NOTED = 'pos-sounded-' + id; // the till and the display may be two windows of one machine

  function noted() {
    try {
      const list = JSON.parse(localStorage.getItem(NOTED));
      return Array.isArray(list) ? list : [];
    } catch (error) {
      return [];
    }
  }

  // Three results at once are one sound: the gravest. What calls for a manager sounds at the till always.
  function sound(names, speaks) {
    const kinds = names.map(function (name) {
      return name.split(':')[0];
    });
    const kind = GRAVEST.find(function (one) {
      return kinds.includes(one);
    });
    if (kind && (speaks || kind === 'attention')) {
      Pos.sound.play(kind);
    }
    if (kind && id === 'payment') {
      Pos.sound.shake(kind);
    }
  }

  Pos.onFragment(id, function (fragment) {
    const before = noted();
    const fresh = fragment.dataset.sounds.split(' ').filter(function (name) {
      return name && !before.includes(name);
    });
    if (fresh.length) {
      localStorage.setItem(NOTED, JSON.stringify(before.concat(fresh).slice(-MOST_NOTED)));
      sound(fresh, fragment.dataset.speaks === 'yes');
    }
  });
})();
