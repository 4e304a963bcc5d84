// What this device keeps, in a database of its own: the citizens' worker empties caches that it does not know.
// `notes` are arrivals and departures, without a name; `kept` is the day: key, list, frame and its files.
function ask(name, mode, what) {
  return new Promise((done, fail) => {
    const opening = indexedDB.open("vicino-desk", 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore("notes", { keyPath: "nonce" });
      opening.result.createObjectStore("kept", { keyPath: "name" });
    };
    opening.onerror = () => fail(opening.error);
    opening.onsuccess = () => {
      const work = opening.result.transaction(name, mode, { durability: "strict" });
      const asked = what(work.objectStore(name));
      work.oncomplete = () => done(asked.result, opening.result.close());
      work.onabort = () => fail(work.error, opening.result.close());
    };
  });
}

const keep = (one) => ask("kept", "readwrite", (store) => store.put(one));
const kept = (name) => ask("kept", "readonly", (store) => store.get(name));
const drop = (name) => ask("kept", "readwrite", (store) => store.delete(name));
const allNotes = () => ask("notes", "readonly", (store) => store.getAll());
const writeNote = (note) => ask("notes", "readwrite", (store) => store.put(note));
const dropNote = (nonce) => ask("notes", "readwrite", (store) => store.delete(nonce));

// In the order in which they were written.
async function notes() {
  return (await allNotes()).sort((one, other) => one.turn - other.turn);
}

// Names, key and page go; what has not left stays, and says no name.
async function forget() {
  await ask("kept", "readwrite", (store) => store.clear());
  for (const note of await allNotes()) if (note.state !== WAITING) await dropNote(note.nonce);
}
