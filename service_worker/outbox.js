// Forms that wait for the line: written down before the first try, sent again in order until there is an answer.
// The server does a form once however often it comes, by the key in it; here it is known by all it says, since one page
// that is kept may be filled in more than once.
const AT_ONCE = new RegExp("__AT_ONCE__"); // means nothing later
const WAITING = "", GONE = "gone", DONE = "done", YOURS = "yours";
let sending, next;

// What is erased in a database stays in its file; a bucket goes from the disk at once. Not all browsers have them.
// Only the first form makes it: a look finds nothing, and leaves nothing.
async function forms(mode, ask, isFirst) {
  const buckets = navigator.storageBuckets;
  if (buckets && !isFirst && !(await buckets.keys()).includes("vicino")) return [];
  const { indexedDB } = buckets ? await buckets.open("vicino") : self;
  return new Promise((done, fail) => {
    const opening = indexedDB.open("vicino", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("forms", { keyPath: "key" });
    opening.onerror = () => fail(opening.error);
    opening.onsuccess = () => {
      const work = opening.result.transaction("forms", mode, { durability: "strict" });
      const asked = ask(work.objectStore("forms"));
      work.oncomplete = () => done(asked.result, opening.result.close());
      work.onabort = () => fail(work.error, opening.result.close());
    };
  });
}

const write = (form) => forms("readwrite", (store) => store.put(form), true);
// Only while it is there: whoever signed out meanwhile leaves nothing.
const change = (form) => forms("readwrite", (store) => {
  const found = store.get(form.key);
  found.onsuccess = () => found.result && store.put(form);
  return found;
});
const erase = (key) => forms("readwrite", (store) => store.delete(key));

const everybodys = () => forms("readonly", (store) => store.getAll());

// Of who is signed in on this phone, as they were pressed; nobody else sees or sends them.
async function mine() {
  const owner = await whose();
  return (await everybodys()).filter((form) => form.owner === owner).sort((one, other) => one.turn - other.turn);
}

async function whose() {
  return ((await caches.keys()).find((name) => name.startsWith(OWN)) || "").slice(OWN.length);
}

// null for what may not wait.
async function remember(address, kind, body) {
  const owner = await whose();
  const typed = new URLSearchParams(body);
  if (!owner || !typed.get("_key") || typed.get("pin") || AT_ONCE.test(new URL(address).pathname)) return null;
  const last = (await mine()).pop() || { turn: 0 };
  const form = { key: body.split("&_says")[0], owner, address, kind, body, says: typed.get("_says"), at: Date.now(), turn: last.turn + 1, state: GONE };
  await write(form);
  return form;
}

// What became of it; true when it needs no other try.
async function settle(form, answer) {
  const place = answer.headers.get("content-location") || "";
  const isOut = answer.status === 401 || answer.headers.get("own") === "none"; // it waits for who comes back
  if (isOut) await forgetOthers("none");
  const isLater = isOut || answer.status === 429 || answer.status > 499;
  await change({ ...form, place, state: isLater ? WAITING : place && answer.ok ? DONE : YOURS });
  return !isLater;
}

async function wait(form) {
  await change({ ...form, state: WAITING });
  if (registration.sync) await registration.sync.register("forms").catch(() => {});
}

// Whoever asks while one is under way gets another: the line may be back since. Rejects while something still waits.
function flush() {
  next = next || Promise.resolve(sending).catch(() => {}).then(() => (next = null, sending = sendAll()));
  return next;
}

async function sendAll() {
  let settled = 0;
  try {
    for (const form of await mine()) {
      if (form.state !== WAITING && form.state !== GONE) continue;
      const { address, kind, body, owner } = form;
      const headers = { "content-type": kind, later: owner };
      const answer = await inTime(fetch(address, { method: "POST", headers, body, redirect: "manual" }));
      if (!(await settle(form, answer))) throw answer;
      settled++;
    }
  } finally {
    if (settled) await tellPages();
  }
}

async function tellPages() {
  const pages = await clients.matchAll({ type: "window" });
  const words = pages.length && (await wordsOf(offlineOf(pages[0].url)));
  pages.forEach((page) => page.postMessage({ said: words.said[3], link: words.said[4], address: boxOf(page.url) }));
}
