// The day's list: it comes sealed row by row, its key comes with a signed-in page and is never to be had out again.
const SLACK = 300000; // ms that a clock may be put back while the key lives
const FRESH = 120000; // ms: presses follow each other, and each would bring the whole list again

async function arm(told) {
  const raw = bytesOf(told.key);
  const sign = String(new Uint8Array(await crypto.subtle.digest("SHA-256", raw)));
  const held = await kept("key");
  const places = await kept("places");
  if (!held || held.sign !== sign || places.list !== told.list) await begin(); // another session, person, day or place
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["decrypt"]);
  const from = Date.now();
  const tickets = await Promise.all((told.tickets || "").split(" ").filter(Boolean).map(ticketKey));
  await keep({ name: "key", key, sign, tickets, from, until: from + Number(told.lasts) });
  await keep({ name: "places", list: told.list, upload: told.upload });
  const list = await kept("list");
  await Promise.all([keepFrame(), list && from - list.seen < FRESH ? null : keepList()]);
  await flush();
}

function bytesOf(text) {
  return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
}

function ticketKey(text) {
  return crypto.subtle.importKey("raw", bytesOf(text), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
}

// Whether the server drew this ticket for a booking of today and of whom this device works for.
async function isOfToday(code, sign) {
  const { tickets = [] } = (await kept("key")) || {}; // a release before had none
  const said = new TextEncoder().encode(code);
  const signed = await Promise.all(tickets.map((key) => crypto.subtle.sign("HMAC", key, said)));
  const letters = (bytes) => [...new Uint8Array(bytes, 0, BOOKING)].map((byte) => ALPHABET[byte % ALPHABET.length]).join("");
  return signed.map(letters).includes(sign);
}

// As the citizens' worker does on its own pages: where staff is signed in, nobody's own pages stay.
async function begin() {
  await forget();
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("own-")).map((name) => caches.delete(name)));
}

async function keepList() {
  const places = await kept("places");
  if (!places) return;
  const held = await kept("list");
  const headers = held && held.records.length ? { "if-none-match": held.tag } : {};
  const answer = await fetch(places.list, { headers, redirect: "manual", cache: "no-store" });
  const seen = Date.now();
  if (answer.status === 304) await keep({ ...held, seen });
  else if (answer.ok) await keep({ ...(await answer.json()), name: "list", tag: answer.headers.get("etag"), seen });
  else if (isOver(answer)) await shut(held);
}

// A redirect, which a worker cannot read, leads to a door.
function isOver(answer) {
  return [0, 401, 403, 404].includes(answer.status);
}

// The page in whose frame everything is drawn, and the files that it names.
async function keepFrame() {
  if (await kept("frame")) return;
  const answer = await fetch(DOOR, { redirect: "manual", cache: "no-store" });
  if (!answer.ok) return;
  const text = await answer.text();
  await keep({ name: "frame", text, policy: answer.headers.get("content-security-policy") || "default-src 'none'" });
  const files = text.match(/\/static\/[^"]+\.(css|js)(?=")/g) || [];
  await Promise.all(files.map((file) => keepFile(file).catch(() => {})));
}

async function keepFile(path) {
  const answer = await fetch(path);
  if (answer.ok) await keep({ name: path, text: await answer.text(), kind: answer.headers.get("content-type") });
}

async function keptFile(request) {
  const file = await kept(new URL(request.url).pathname);
  return file ? new Response(file.text, { headers: { "content-type": file.kind } }) : Response.error();
}

// null where nobody may read it any more: then it is gone.
async function lines() {
  const held = await kept("key");
  const list = await kept("list");
  const now = Date.now();
  if (held && (now < held.from - SLACK || now >= held.until)) return shut(list);
  if (!held || !list || !list.records.length) return held && list ? [] : null;
  return Promise.all(list.records.map((record) => opened(record, held.key, list.about)));
}

// Nor is it known any more who holds the device: what is written from now on is looked at.
async function shut(list) {
  if (list) await keep({ ...list, records: [], pledge: "" });
  await drop("key");
  return null;
}

async function opened(record, key, about) {
  const bytes = bytesOf(record);
  const way = { name: "AES-GCM", iv: bytes.slice(0, 12), additionalData: new TextEncoder().encode(about) };
  return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(way, key, bytes.slice(12))));
}
