// Keeps the files in KEPT, which the server writes above this line, and nothing else. No page, fragment or answer
// with a payment, an amount or a name is ever put into the cache: those are always asked of the shop, and where it
// cannot be reached a page that says so stands in for a page, and nothing for anything else.
'use strict';
const NAME = 'khqr-pos-' + KEPT.version;
const addresses = new Set(
  KEPT.shell.map(function (path) {
    return new URL(path, self.location).href;
  }),
);

self.addEventListener('install', function (event) {
  event.waitUntil(
    caches
      .open(NAME)
      .then(function (cache) {
        return cache.addAll(KEPT.shell);
      })
      .then(function () {
        return self.skipWaiting();
      }),
  );
});

// What an older version kept is thrown away.
self.addEventListener('activate', function (event) {
  event.waitUntil(
    caches
      .keys()
      .then(function (names) {
        return Promise.all(
          names
            .filter(function (name) {
              return name !== NAME;
            })
            .map(function (name) {
              return caches.delete(name);
            }),
        );
      })
      .then(function () {
        return self.clients.claim();
      }),
  );
});

self.addEventListener('fetch', function (event) {
  const request = event.request;
  // A form that was sent may have arrived: the browser itself says that there was no answer.
  if (request.method !== 'GET') {
    return;
  }
  if (request.mode === 'navigate') {
    event.respondWith(
      fetch(request).catch(function () {
        return caches.match(KEPT.offline);
      }),
    );
  } else if (addresses.has(request.url)) {
    event.respondWith(
      caches.match(request).then(function (kept) {
        return kept || fetch(request);
      }),
    );
  }
});
