// What works when the page is closed or the line is gone. ES2019, no dependencies.
// The server fills in release and static addresses; every file of this folder is served as one script at /sw.js.
const SHELL = "shell-__RELEASE__";
const OFFLINE = { it: "/senza-rete", en: "/en/senza-rete" };
const WORDS = {
  it: { language: "it", title: "Vicino", body: "C'è un messaggio per te. Tocca per leggerlo." },
  en: { language: "en", title: "Vicino", body: "There is a message for you. Tap to read it." },
};

self.addEventListener("install", (event) => event.waitUntil(keepShell()));
self.addEventListener("activate", (event) => event.waitUntil(dropOldShells()));
self.addEventListener("fetch", (event) => {
  if (!isVisit(event.request)) return;
  event.respondWith(visit(event.request));
  event.waitUntil(keep(languageOf(event.request.url)).catch(() => {}));
});
self.addEventListener("push", (event) => event.waitUntil(tell(messageIn(event.data))));
self.addEventListener("notificationclick", (event) => event.waitUntil(open(event.notification)));

async function keepShell() {
  const pages = await self.clients.matchAll({ includeUncontrolled: true, type: "window" });
  await Promise.all([...new Set(pages.map((page) => languageOf(page.url)))].map(keep));
  await self.skipWaiting();
}

// A language costs its bytes when somebody reads in it.
async function keep(language) {
  const shell = await caches.open(SHELL);
  const kept = await shell.match(OFFLINE[language]);
  if (!kept) await shell.add(new Request(OFFLINE[language], { cache: "reload" }));
}

async function dropOldShells() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("shell-") && name !== SHELL);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

// Only the reading of pages: forms and everything else go straight to the network.
function isVisit(request) {
  return request.method === "GET" && request.mode === "navigate";
}

async function visit(request) {
  try {
    return await fetch(request);
  } catch (lineIsDown) {
    const kept = await caches.match(OFFLINE[languageOf(request.url)]);
    return kept || (await caches.match(OFFLINE.it)) || Response.error();
  }
}

function languageOf(address) {
  const path = new URL(address).pathname;
  return path === "/en" || path.startsWith("/en/") ? "en" : "it";
}

// A push without readable data still shows a notification: browsers end subscriptions that stay silent.
function messageIn(data) {
  const words = WORDS[navigator.language.startsWith("it") ? "it" : "en"];
  try {
    return Object.assign({ address: "/" }, words, data.json());
  } catch (unreadable) {
    return Object.assign({ address: "/" }, words);
  }
}

async function tell(message) {
  await self.registration.showNotification(message.title, {
    body: message.body,
    lang: message.language,
    tag: message.tag,
    icon: "__STATIC:icons/192.png__",
    data: { address: here(message.address) },
  });
  if (message.receipt) await sendReceipt(message.receipt);
}

async function sendReceipt(address) {
  try {
    await fetch(here(address), { method: "POST", credentials: "omit" });
  } catch (lineIsDown) {
    // No receipt: the server then writes on the person's next channel, which is the safe side.
  }
}

async function open(notification) {
  notification.close();
  const address = notification.data.address;
  const pages = await self.clients.matchAll({ type: "window" });
  const page = pages.find((one) => one.url === address);
  return page ? page.focus() : self.clients.openWindow(address);
}

// Whatever a message says, it leads nowhere but to this site.
function here(address) {
  const wished = new URL(address, self.location.origin);
  return wished.origin === self.location.origin ? wished.href : self.location.origin + "/";
}
