const book = JSON.parse(document.getElementById("book").textContent);
const at = (id) => document.getElementById(id);
const audio = new Audio();
const AFTER = 0.12;        // s after its words in which a line is still heard
const LATELY = 15000;      // ms in which what was heard may be meant
const LATER = 8000;        // ms in which a category still belongs to the mark before it
const CATEGORIES = ["misread", "missing", "extra", "pace", "tone", "noise"];
const KEPT = `dotsbook review ${book.id}`;
let shown = 0, current = -1, marked = null;
let notes = [];
const heard = [];          // [{chapter, from, to, place, speed}]: what played when, by the clock

const element = (tag, props, ...children) => { const node = Object.assign(document.createElement(tag), props); node.append(...children); return node; };
const tell = (text, wrong = false) => { at("told").textContent = text; at("told").classList.toggle("wrong", wrong); };
const clock = (s) => `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, "0")}`;
const keep = () => { try { localStorage.setItem(KEPT, JSON.stringify({ who: at("who").value, notes })); } catch (refused) { tell("This browser keeps nothing: save the notes before you close the page.", true); } };

function recall() {
  try {
    const found = JSON.parse(localStorage.getItem(KEPT) || "{}");
    notes = found.notes || [];
    at("who").value = found.who || "";
  } catch (refused) { notes = []; }
}

// the sound, made of the page's own text when a chapter is first played
function source(index) {
  const entry = book.chapters[index];
  if (!entry.url) {
    const text = atob(at(`sound-${entry.number}`).textContent), bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
    entry.url = URL.createObjectURL(new Blob([bytes], { type: "audio/mpeg" }));
  }
  return entry.url;
}

function open(index, seconds = 0, play = false) {
  const moved = audio.src !== source(index);
  if (shown !== index || !at("text").children.length) write(index);
  if (moved) audio.src = source(index);
  const start = () => { audio.currentTime = seconds; audio.playbackRate = Number(at("speed").value); if (play) audio.play().catch(() => tell("Press Play once: the browser wants to be asked.", true)); paint(); };
  if (moved) audio.addEventListener("loadedmetadata", start, { once: true });
  else start();
}

function write(index) {
  shown = index;
  current = -1;
  at("chapter").value = String(index);
  const blocks = [];
  let block = null, before = null;
  book.chapters[index].lines.forEach((one, number) => {
    if (one.paragraph !== before) {
      block = element(one.kind === "heading" ? "h2" : "p", { className: one.kind, dir: "auto", lang: one.language });
      blocks.push(block);
      before = one.paragraph;
    }
    const span = element("span", { className: "line", tabIndex: number ? -1 : 0, textContent: one.text });
    span.setAttribute("role", "button");
    span.dataset.number = number;
    block.append(span, " ");
  });
  at("text").replaceChildren(...blocks);
  show();
}

const lineAt = (index, second) => {
  const { lines } = book.chapters[index];
  const found = lines.findLastIndex((one) => one.parts[0][0] <= second + 0.02);
  return Math.max(0, found);
};

// Where in its take a line is at a second of its chapter.
function inTake(one, second) {
  const part = one.parts.findLast(([begins]) => begins <= second) || one.parts[0];
  return Math.round((part[1] + Math.min(Math.max(0, second - part[0]), part[2])) * 1000) / 1000;
}

function paint() {
  const second = audio.currentTime, number = lineAt(shown, second);
  at("clock").textContent = `${clock(second)} / ${clock(book.chapters[shown].seconds)}`;
  if (number === current) return;
  const spans = at("text").querySelectorAll(".line");
  if (spans[current]) { spans[current].removeAttribute("aria-current"); spans[current].tabIndex = -1; }
  current = number;
  const span = spans[number];
  if (!span) return;
  span.setAttribute("aria-current", "true");
  span.tabIndex = 0;
  const box = span.getBoundingClientRect();
  if (!audio.paused && (box.top < 20 || box.bottom > at("bar").getBoundingClientRect().top - 20)) span.scrollIntoView({ block: "center" });
}

// what was heard when
function note_heard() {
  const now = performance.now(), last = heard.at(-1);
  if (last && last.to === null) last.to = now;
  if (!audio.paused) heard.push({ chapter: shown, from: now, to: null, place: audio.currentTime, speed: audio.playbackRate });
  if (heard.length > 200) heard.shift();
}

// The lines that were heard lately, as marking.js wants them; the second is the chapter's.
function lines_heard(now) {
  return heard.filter(({ to }) => to === null || to > now - LATELY).flatMap(({ chapter, from, to, place, speed }) => {
    const ended = to === null ? audio.currentTime : place + (to - from) / 1000 * speed;  // what plays on may have halted
    const when = (second) => (to ?? now) - (ended - second) / speed * 1000;
    return book.chapters[chapter].lines.flatMap((one, number) => {
      const first = Math.max(place, one.begins), last = Math.min(ended, one.ends + AFTER);
      return first < last ? [{ place: { chapter, number }, from: when(first), to: when(last), second: first, speed }] : [];
    });
  });
}

// What a person means who marks now. Who has stopped it first meant what they heard then, unless they went elsewhere.
function meant() {
  const last = heard.at(-1), now = audio.paused && last ? last.to : performance.now();
  const moved = audio.paused && last && (last.chapter !== shown || Math.abs(last.place + (now - last.from) / 1000 * last.speed - audio.currentTime) > 0.5);
  const found = moved ? null : meantAmong(lines_heard(now), now);
  return found ? { ...found.place, second: found.second } : { chapter: shown, number: lineAt(shown, audio.currentTime), second: audio.currentTime };
}

function mark(why = "") {
  const now = performance.now();
  if (why && marked && now < marked.until) {
    marked.note.why = why;
    marked = null;
  } else {
    const { chapter, number, second } = meant();
    const entry = book.chapters[chapter], one = entry.lines[number];
    const note = { id: crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random()}`, chapter: entry.number, time: Math.round(second * 1000) / 1000, chunk: one.id, take: one.take, second: inTake(one, second), text: one.text, why, note: "marked while listening", by: "", at: Math.round(Date.now() / 1000) };
    notes.push(note);
    marked = why ? null : { note, until: now + LATER };
  }
  const last = notes.at(-1);
  tell(`Marked ${last.chunk}${last.why ? ` as ${last.why}` : "; 1 to 6 say why"}.`);
  keep();
  show();
}

function show() {
  const focused = document.activeElement && document.activeElement.dataset.note;
  at("notes").replaceChildren(...notes.map((one, index) => {
    const text = element("input", { value: one.note, maxLength: 2000 });
    text.setAttribute("aria-label", `Note on ${one.chunk}`);
    text.dataset.note = one.id;
    text.addEventListener("input", () => { one.note = text.value; keep(); });
    const why = element("select", {}, ...["", ...CATEGORIES].map((name) => element("option", { value: name, textContent: name || "–", selected: name === one.why })));
    why.setAttribute("aria-label", `What is wrong with ${one.chunk}`);
    why.addEventListener("change", () => { one.why = why.value; keep(); });
    const hear = element("button", { type: "button", textContent: `${one.chunk} ${clock(one.time)}` });
    hear.setAttribute("aria-label", `Hear ${one.chunk}`);
    hear.addEventListener("click", () => open(book.chapters.findIndex((entry) => entry.number === one.chapter), Math.max(0, one.time - 2), true));
    const gone = element("button", { type: "button", textContent: "Remove" });
    gone.setAttribute("aria-label", `Remove the note on ${one.chunk}`);
    gone.addEventListener("click", () => { notes.splice(index, 1); marked = null; keep(); show(); });
    return element("li", {}, element("span", { className: "soft", textContent: one.text.slice(0, 120) }), element("div", { className: "row" }, hear, why, text, gone));
  }));
  const noted = new Set(notes.map((one) => one.chunk));
  for (const span of at("text").querySelectorAll(".line")) span.classList.toggle("noted", noted.has(book.chapters[shown].lines[span.dataset.number].id));
  if (focused) document.querySelector(`[data-note="${focused}"]`)?.focus();
}

function save() {
  const by = at("who").value.trim();
  if (!by) { tell("Write your name first, so that it is known whose notes these are.", true); at("who").focus(); return; }
  const data = { dotsbook: "notes", version: 1, book: book.title, bundle: book.id, by, notes: notes.map((one) => ({ ...one, by })) };
  const link = element("a", { href: URL.createObjectURL(new Blob([JSON.stringify(data, null, 1)], { type: "application/json" })), download: `notes ${by.replace(/[^\p{L}\p{N} _-]/gu, "")}.json` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  tell(`${notes.length} ${notes.length === 1 ? "note is" : "notes are"} saved: send the file back.`);
}

const toggle = () => { if (!audio.src) open(shown, 0, true); else if (audio.paused) audio.play(); else audio.pause(); };
const skip = (seconds) => { audio.currentTime = Math.max(0, audio.currentTime + seconds); paint(); };

for (const event of ["playing", "pause", "ratechange", "seeked", "ended"]) audio.addEventListener(event, note_heard);
audio.addEventListener("play", () => { at("play").textContent = "Pause"; });
audio.addEventListener("pause", () => { at("play").textContent = "Play"; });
audio.addEventListener("timeupdate", paint);
audio.addEventListener("ended", () => { if (shown + 1 < book.chapters.length) open(shown + 1, 0, true); });
audio.preservesPitch = true;
at("play").addEventListener("click", toggle);
at("back").addEventListener("click", () => skip(-3));
at("on").addEventListener("click", () => skip(3));
at("mark").addEventListener("click", () => mark());
at("save").addEventListener("click", save);
at("who").addEventListener("input", keep);
at("speed").addEventListener("change", () => { audio.playbackRate = Number(at("speed").value); });
at("chapter").append(...book.chapters.map((entry, index) => element("option", { value: String(index), textContent: entry.title })));
at("chapter").addEventListener("change", () => { open(Number(at("chapter").value), 0, !audio.paused); });
at("categories").append(...CATEGORIES.map((name, index) => { const node = element("button", { type: "button", textContent: `${index + 1} ${name}` }); node.addEventListener("click", () => mark(name)); return node; }));
const played = (target) => { const one = target.closest(".line"); if (one) open(shown, book.chapters[shown].lines[one.dataset.number].begins, true); };
at("text").addEventListener("click", (event) => played(event.target));
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea")) return;
  if (event.target.matches(".line") && event.key === "Enter") { event.preventDefault(); played(event.target); return; }
  if (event.target.matches("button") && event.key === " ") return;
  const does = { " ": toggle, ArrowLeft: () => skip(-3), ArrowRight: () => skip(3), m: () => mark() }[event.key] || (CATEGORIES[event.key - 1] && (() => mark(CATEGORIES[event.key - 1])));
  if (does) { event.preventDefault(); does(); }
});
window.dotsbook = { audio, book, mark, meant, open, shown: () => shown, notes: () => notes };  // for tests
recall();
write(0);
