// Arrivals and departures: on the disk before anything is sent, sent in order, once for the server by their nonce.
const ALPHABET = "__ALPHABET__";
const BOOKING = 8; // letters of a code, and of the sign behind it on a ticket
const WAITING = "";
let sending, next;

// As the server reads a code: look-alikes are one, and the last sign proves the others.
function readCode(typed) {
  return typed.toUpperCase().replace(/[^0-9A-Z]/g, "").replace(/[0O]/g, "Q").replace(/[1IL]/g, "J");
}

function isCode(code) {
  const places = [...code].map((sign) => ALPHABET.indexOf(sign));
  const last = places.pop();
  const total = places.reduce((sum, place, position) => sum + (position + 2) * place, 0);
  return code.length > 1 && places.every((place) => place >= 0) && total % ALPHABET.length === last;
}

function newNonce() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");
}

// Whether what is written still holds: an arrival that was sent may have been taken back since at the desk.
function stands(one, line, list) {
  return one.state !== "done" || !line || !line.open || one.settled > list.seen;
}

// False where this arrival, or this departure, is written here already.
async function note(kind, code, line, more) {
  const before = await notes();
  const list = (await kept("list")) || { pledge: "", seen: 0 };
  if (before.some((one) => one.kind === kind && one.code === code && stands(one, line, list))) return false;
  const { upload } = await kept("places");
  const pledge = list.pledge;
  const turn = before.length ? before[before.length - 1].turn + 1 : 1;
  await writeNote({ nonce: newNonce(), kind, code, pledge, upload, turn, at: Date.now(), state: WAITING, listed: line && line.at, ...more });
  if (self.registration.sync) await self.registration.sync.register("notes").catch(() => {});
  return true;
}

// Whoever asks while one is under way gets another: the line may be back since. Rejects while something still waits.
function flush() {
  next = next || Promise.resolve(sending).catch(() => {}).then(() => (next = null, sending = sendAll()));
  return next;
}

async function sendAll() {
  let settled = 0;
  try {
    for (const one of await notes()) {
      if (one.state !== WAITING) continue;
      const answer = await inTime(send(one));
      await keep({ name: "door", isShut: isOver(answer) });
      const state = await became(answer);
      if (state === WAITING) throw answer;
      await writeNote({ ...one, state, settled: Date.now() });
      settled++;
    }
  } finally {
    if (settled) await tellPages();
  }
}

function send(one) {
  const { nonce, kind, code, pledge, at } = one;
  const body = new URLSearchParams({ nonce, kind, code, pledge, at, sent: Date.now() });
  if (one.listed) body.set("listed", one.listed);
  if (one.delivered) body.set("delivered", one.delivered);
  return fetch(one.upload, { method: "POST", body, redirect: "manual" });
}

// A redirect leads to a door: what is written waits for who comes in.
async function became(answer) {
  if (answer.status === 422) return "stuck";
  if (!answer.ok) return WAITING;
  const said = (await answer.json()).became;
  return ["done", "begun"].includes(said) ? said : "review";
}

function inTime(answer) {
  return Promise.race([answer, new Promise((_, giveUp) => setTimeout(giveUp, PATIENCE))]);
}

async function tellPages() {
  const said = await parts();
  const pages = await self.clients.matchAll({ type: "window" });
  if (said) pages.forEach((page) => page.postMessage({ said: said.said, link: said.link, address: DOOR }));
}

// How many have not left; where none, or where somebody says so, nothing else stays.
async function leave(told) {
  const left = (await notes()).filter((one) => one.state === WAITING || one.state === "stuck").length;
  if (!left || told.sure) await forget();
  return left;
}
