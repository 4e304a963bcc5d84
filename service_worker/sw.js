// What works when the page is closed or the line is gone. ES2019, no dependencies.
// The server fills in release and addresses; every file of this folder is served as one script at /sw.js.
const SHELL = "shell-__RELEASE__";
const PUBLIC = "public-__RELEASE__";
const OWN = "own-";

addEventListener("install", (event) => event.waitUntil(keepFirst().then(() => skipWaiting())));
addEventListener("activate", (event) => event.waitUntil(dropOldReleases().then(() => clients.claim())));
addEventListener("fetch", (event) => {
  if (event.request.mode === "navigate") (event.request.method === "GET" ? visit : send)(event);
});
onsync = onmessage = (event) => event.waitUntil(flush());
addEventListener("push", (event) => event.waitUntil(tell(event.data)));
addEventListener("notificationclick", (event) => event.waitUntil(open(event)));

// The page that is open came before the worker: the browser still holds it, so it costs nothing to keep.
async function keepFirst() {
  const pages = await clients.matchAll({ includeUncontrolled: true, type: "window" });
  await Promise.all(pages.map((page) => keepOffline(page.url)));
  await Promise.all(pages.map((page) => keepHeld(page.url)));
}

// A language costs its bytes when somebody reads in it.
async function keepOffline(address) {
  const page = offlineOf(address);
  const shell = await caches.open(SHELL);
  if (!(await shell.match(page))) await shell.add(new Request(page, { cache: "reload" }));
}

function dropOldReleases() {
  return drop((name) => !name.startsWith(OWN) && name !== SHELL && name !== PUBLIC && name !== "kept");
}

// Emptied too: a cache that is still held somewhere would stay on the disk.
async function drop(isDropped) {
  const gone = (await caches.keys()).filter(isDropped);
  await Promise.all(gone.map(async (name) => {
    const cache = await caches.open(name);
    await caches.delete(name);
    await trim(cache);
  }));
}

function offlineOf(address) {
  return (/^\/en(\/|$)/.test(new URL(address).pathname) ? "/en" : "") + "/senza-rete";
}

// What the worker says stands on the offline page: `said` are its sentences, `style` its sheet.
async function wordsOf(page) {
  const kept = (await caches.match(page)) || (await caches.match("/senza-rete"));
  const text = kept ? await kept.text() : "";
  const said = (text.match(/<template>[^<]*/g) || ["%s", "%s", "Vicino"]).map((one) => one.replace(/.*>/, ""));
  const language = (text.match(/lang="(\w+)/) || ["", "it"])[1];
  const policy = kept && kept.headers.get("content-security-policy");
  return { said, language, policy, frame: text, style: text.match(/<style>[^<]*<.style>|$/)[0] };
}
