// The page of the door, drawn from what is on this device in the words and parts of the kept page.
async function parts() {
  const frame = await kept("frame").catch(() => null);
  if (!frame) return null;
  const found = [...matches(frame.text, /<template data-part="(\w+)">([^]*?)<\/template>/g)];
  return found.reduce((all, [, name, text]) => Object.assign(all, { [name]: text }), {});
}

function* matches(text, pattern) {
  for (let one = pattern.exec(text); one; one = pattern.exec(text)) yield one;
}

function clean(text) {
  return String(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

// {name} in a part; what ends in Html is drawn already.
function fill(part, values) {
  return part.replace(/\{(\w+)\}/g, (all, name) => (name + "Html" in values ? values[name + "Html"] : clean(values[name] || "")));
}

async function filled(text, asked) {
  const part = await parts();
  const all = await notes();
  const list = await kept("list");
  const day = await lines().catch(() => null);
  const door = (await kept("door")) || {};
  const isWaiting = all.some((one) => one.state === WAITING);
  const notice = noticeOf(asked, part, day || []) + (isWaiting && door.isShut ? part.enter : "");
  const language = (text.match(/lang="(\w+)/) || ["", "it"])[1];
  const count = (...states) => String(all.filter((one) => states.includes(one.state)).length);
  const tally = { waiting: count(WAITING, "stuck"), sent: count("done", "begun"), review: count("review") };
  const rows = (lines, drawn) => lines.map(drawn).join("");
  const listed = fill(part.list, {
    tallyHtml: all.length ? fill(part.tally, tally) : "",
    sendHtml: isWaiting ? part.send : "",
    shutHtml: day ? "" : part.shut,
    dayHtml: day ? fill(part.day, { seen: clock(list.seen, language), rowsHtml: rows(day, (line) => row(line, part, all, list)) }) : "",
    notesHtml: all.length ? fill(part.notes, { rowsHtml: rows(all, (one) => noteRow(one, part, day || [], language)) }) : "",
  });
  return text.replace('<div data-place="notice"></div>', () => notice).replace('<div data-place="list"></div>', () => listed);
}

function noticeOf(asked, part, day) {
  const name = [...asked.keys()].find((one) => /^(fatto|prima|vero|fuori|errato|solo|esci|pieno)$/.test(one));
  if (!name) return "";
  const code = asked.get(name);
  return `<div role="status">${fill(part[name], { code: spaced(code), who: called(code, day) })}</div>`;
}

function called(code, day) {
  const line = day.find((one) => one.code === code);
  return line ? line.who : spaced(code);
}

function spaced(code) {
  return code.replace(/(.{4})(?=.)/g, "$1 ");
}

function clock(at, language) {
  const said = new Date(at).toLocaleTimeString(language, { hour: "numeric", minute: "2-digit" });
  return language === "it" ? said.replace(":", ".") : said;
}

function noteRow(one, part, day, language) {
  const words = part[one.state === WAITING ? "waiting" : one.state];
  const kind = one.state === "review" || one.state === "stuck" ? "bad" : one.state ? "good" : "";
  const values = { time: clock(one.at, language), who: called(one.code, day), kindHtml: part[one.kind] };
  return fill(part.note, { ...values, stateHtml: fill(part.state, { kind, wordsHtml: words }) });
}

// One who is expected: what the list says, less what was done here since.
function row(line, part, all, list) {
  const mine = all.filter((one) => one.code === line.code && stands(one, line, list));
  const came = mine.find((one) => one.kind === "arrived");
  const isHome = line.lasting.length > 0;
  const isGone = mine.some((one) => one.kind === "left");
  const state = line.state ? fill(part.state, { kind: line.kind, words: line.state }) : "";
  let press = !came && line.open ? fill(part.press, line) : "";
  if (came && isHome && !isGone && line.open) press = fill(part.leave, { ...line, choicesHtml: choices(line, came) });
  const mark = came ? fill(part.state, { kind: "", wordsHtml: part[isGone ? "left" : "arrived"] }) : "";
  const due = line.due ? `<p><strong>${clean(line.due)}</strong></p>` : "";
  return fill(part.row, { ...line, dueHtml: due, stateHtml: mark || state, pressHtml: press });
}

// What the clock says, to the nearest step and never more than was booked, is chosen already: a person may know better.
function choices(line, came) {
  const passed = (Date.now() - came.at) / 60000;
  const far = ([minutes]) => Math.abs(minutes - passed);
  const nearest = line.lasting.reduce((best, one) => (far(one) < far(best) ? one : best));
  const option = ([minutes, words]) => `<option value="${clean(minutes)}"${minutes === nearest[0] ? " selected" : ""}>${clean(words)}</option>`;
  return line.lasting.map(option).join("");
}
