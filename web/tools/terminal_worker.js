// Keeps the terminal's page for corners without network. Nothing of the API is kept here: scans and the list have their own place.
const NAME = "orderloom-terminal-__VERSION__";
const FILES = __FILES__;
const HOME = "/terminal/";
const PAGE = "/terminal/terminal.html";

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(NAME).then((kept) => kept.addAll([PAGE, ...FILES])).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const drop = (name) => (name.startsWith("orderloom-terminal-") && name !== NAME ? caches.delete(name) : undefined);
  event.waitUntil(caches.keys().then((names) => Promise.all(names.map(drop))).then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== self.location.origin || !pathname.startsWith(HOME)) return;
  if (event.request.mode === "navigate") event.respondWith(fetch(event.request).catch(() => caches.match(PAGE)));
  else event.respondWith(caches.match(event.request).then((kept) => kept || fetch(event.request)));
});
