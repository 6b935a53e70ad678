"use strict";
const book = JSON.parse(document.getElementById("book").textContent);
const at = (id) => document.getElementById(id);
const audio = at("audio"), player = document.querySelector(".player");
let chapter = null;        // the one shown
let spans = [];            // its sentences' elements, in order
let current = -1;          // index of the sentence heard
let word = null;           // the element of the word heard, where words have times
let reached = 0;           // index of the sentence that the Tab key reaches
let wanted = null;         // seconds in the file that a jump is under way to
let ours = 0;              // until when scrolling is the page's own doing

const minutes = (s) => {
  s = Math.max(0, Math.round(s));
  const rest = String(s % 60).padStart(2, "0");
  return s < 3600 ? `${Math.floor(s / 60)}:${rest}` : `${Math.floor(s / 3600)}:${String(Math.floor(s / 60) % 60).padStart(2, "0")}:${rest}`;
};
const remember = (key, value) => { try { localStorage.setItem(`dotsbook ${book.id} ${key}`, value); } catch (refused) { /* private window: nothing is kept */ } };
const recall = (key) => { try { return localStorage.getItem(`dotsbook ${book.id} ${key}`); } catch (refused) { return null; } };
const source = (index) => new URL(book.chapters[index].audio, document.baseURI).href;
const tell = (sentence) => { at("trouble").hidden = !sentence; at("trouble").textContent = sentence; };

function list() {
  book.chapters.forEach((entry, index) => {
    const item = document.createElement("li"), button = document.createElement("button"), name = document.createElement("span"), length = document.createElement("time");
    button.type = "button";
    name.dir = "auto";
    name.textContent = entry.title;
    length.textContent = minutes(entry.seconds);
    button.append(name, length);
    button.addEventListener("click", () => { back(); open(index, 0, true); });
    item.append(button);
    at("chapters").append(item);
  });
}

function open(index, seconds, play) {
  const entry = book.chapters[index];
  show(index);
  wanted = entry.offset + Math.min(Math.max(0, seconds), Math.max(0, entry.seconds - 0.1));
  const start = () => { audio.currentTime = wanted; audio.playbackRate = Number(at("speed").value); if (play) audio.play().catch(() => {}); paint(index, wanted - entry.offset); };
  if (audio.src !== source(index)) {
    audio.src = source(index);
    audio.addEventListener("loadedmetadata", start, { once: true });
  } else start();
}

function show(index) {
  if (chapter === index) return;
  chapter = index;
  const entry = book.chapters[index];
  [...at("chapters").querySelectorAll("button")].forEach((button, i) => i === index ? button.setAttribute("aria-current", "true") : button.removeAttribute("aria-current"));
  write(entry);
  draw(entry);
  at("seek").max = entry.seconds;
}

function write(entry) {
  const text = at("text");
  ours = performance.now() + 1000;
  text.replaceChildren();
  spans = [];
  current = -1;
  let block = null, paragraph = null;
  for (const [start, end, words, number, kind, language, voice, timed] of entry.sentences) {
    if (number !== paragraph) {
      paragraph = number;
      block = document.createElement(kind === "heading" ? "h2" : kind === "quote" ? "blockquote" : "p");
      if (kind === "verse") block.className = "verse";
      block.dir = "auto";
      text.append(block);
    } else block.append(" ");
    const span = document.createElement("span"), index = spans.length;
    span.className = "sentence";
    const parts = cut(span, words, timed || []);
    if (language) span.lang = language;
    span.dataset.voice = voice;
    span.tabIndex = -1;
    span.addEventListener("click", () => { reach(index); back(); open(chapter, start, true); });
    span.addEventListener("focus", () => reach(index));
    block.append(span);
    spans.push({ start, end, span, parts });
  }
  reach(0);
}

// The sentence's text, with an element around each word that has a time; what it says stays as it is.
function cut(span, text, timed) {
  const letters = timed.length ? [...text] : [], piece = (first, last) => letters.slice(first, last).join("");
  if (!timed.length) span.textContent = text;
  let at = 0;
  const parts = timed.map(([first, last, start]) => {
    const element = document.createElement("span");
    element.className = "word";
    element.textContent = piece(first, last);
    span.append(piece(at, first), element);
    at = last;
    return { start, element };
  });
  if (timed.length) span.append(piece(at));
  return parts;
}

function reach(index) {
  if (spans[reached]) spans[reached].span.tabIndex = -1;
  reached = Math.min(Math.max(0, index), spans.length - 1);
  if (spans[reached]) spans[reached].span.tabIndex = 0;
}

function draw(entry) {
  const bars = entry.wave.map((height, i) => `<rect x="${i}" y="${(20 - 19 * height).toFixed(1)}" width="0.7" height="${(1 + 38 * height).toFixed(1)}"/>`);
  at("wave").innerHTML = bars.join("");
}

// The chapter in which the sound is: what is shown follows what is heard, wherever the player really went.
function heard(time) {
  const here = (entry, index) => source(index) === audio.src && time >= entry.offset - 0.05 && time < entry.offset + entry.seconds;
  if (here(book.chapters[chapter], chapter)) return chapter;
  const found = book.chapters.findIndex(here);
  return found < 0 ? chapter : found;
}

function follow() {
  if (audio.seeking || audio.readyState === 0) return;
  const time = audio.currentTime;
  if (wanted !== null) {
    if (Math.abs(time - wanted) > 2) tell("The audio can't be played from there: the server that sends it doesn't serve parts of a file. Open the page from the folder, or from another server.");
    wanted = null;
  }
  const entry = book.chapters[chapter], last = chapter + 1 === book.chapters.length;
  if (source(chapter) === audio.src && time >= entry.offset + entry.seconds - 0.05 && !audio.paused) {
    if (last) audio.pause();
    else if (source(chapter + 1) !== audio.src) return open(chapter + 1, 0, true);
  }
  const index = heard(time);
  show(index);
  paint(index, time - book.chapters[index].offset);
}

function paint(index, seconds) {
  const entry = book.chapters[index], now = Math.min(Math.max(0, seconds), entry.seconds);
  at("seek").value = now;
  at("seek").setAttribute("aria-valuetext", `${minutes(now)} of ${minutes(entry.seconds)}`);
  at("clock").textContent = `${minutes(now)} / ${minutes(entry.seconds)}`;
  const bars = at("wave").children, played = Math.round(bars.length * now / entry.seconds);
  for (let i = 0; i < bars.length; i++) bars[i].classList.toggle("heard", i < played);
  let low = 0, high = spans.length;
  while (low < high) { const middle = (low + high) >> 1; if (spans[middle].start <= now + 0.02) low = middle + 1; else high = middle; }
  if (low - 1 !== current) {
    if (spans[current]) spans[current].span.removeAttribute("aria-current");
    current = low - 1;
    if (spans[current]) {
      spans[current].span.setAttribute("aria-current", "true");
      if (!at("text").contains(document.activeElement)) reach(current);
      keepInSight();
    }
  }
  paintWord(now);
  remember("place", JSON.stringify([index, now]));
}

function paintWord(now) {
  const parts = spans[current] ? spans[current].parts : [];
  const next = parts.findIndex((part) => part.start > now + 0.02);
  const heard = parts.length ? parts[next < 0 ? parts.length - 1 : Math.max(0, next - 1)].element : null;
  if (heard === word) return;
  if (word) word.classList.remove("now");
  if (heard) heard.classList.add("now");
  word = heard;
}

// The audio tells its time four times a second, which is too seldom for words.
function eachFrame() {
  if (audio.paused) return;
  if (chapter !== null && !audio.seeking && source(chapter) === audio.src) paintWord(audio.currentTime - book.chapters[chapter].offset);
  requestAnimationFrame(eachFrame);
}

// The part of the window that the player leaves free.
function ceiling() {
  return getComputedStyle(player).position === "sticky" ? player.offsetHeight : 0;
}

function keepInSight() {
  if (!at("follow").checked || !spans[current]) return;
  const element = spans[current].span, box = element.getBoundingClientRect(), top = ceiling() + 8;
  document.documentElement.style.scrollPaddingTop = `${top}px`;
  if (box.top >= top && box.bottom <= innerHeight * 0.85) return;
  ours = performance.now() + 1500;
  element.scrollIntoView({ block: box.height < (innerHeight - top) * 0.8 ? "center" : "start" });
}

// A reader who scrolls reads elsewhere: nothing pulls them back until they choose a sentence, a chapter, or Follow.
function away() { at("follow").checked = false; }
function back() { at("follow").checked = recall("follow") !== "false"; }

function jump(step) {
  const entry = book.chapters[chapter], goal = (wanted ?? audio.currentTime) - entry.offset + step;
  if (goal >= entry.seconds && chapter + 1 < book.chapters.length) return open(chapter + 1, goal - entry.seconds, !audio.paused);
  if (goal < 0 && chapter > 0) return open(chapter - 1, book.chapters[chapter - 1].seconds + goal, !audio.paused);
  return open(chapter, goal, !audio.paused);
}

const turn = (step) => { const next = chapter + step; if (next >= 0 && next < book.chapters.length) open(next, 0, !audio.paused); };
const toggle = () => { if (audio.paused) audio.play().catch(() => {}); else audio.pause(); };
const step = (by) => { reach(reached + by); spans[reached].span.focus(); };

at("play").addEventListener("click", toggle);
at("back").addEventListener("click", () => jump(-15));
at("on").addEventListener("click", () => jump(15));
at("speed").addEventListener("change", () => { audio.playbackRate = Number(at("speed").value); remember("speed", at("speed").value); });
at("seek").addEventListener("input", () => open(chapter, Number(at("seek").value), !audio.paused));
at("follow").addEventListener("change", () => { remember("follow", at("follow").checked); keepInSight(); });
audio.addEventListener("play", () => { at("play").textContent = "Pause"; if (book.words) requestAnimationFrame(eachFrame); });
audio.addEventListener("pause", () => { at("play").textContent = "Play"; });
audio.addEventListener("timeupdate", follow);
audio.addEventListener("seeked", follow);
audio.addEventListener("error", () => tell(`The audio ${book.chapters[chapter].audio} can't be played. It belongs beside this page.`));
addEventListener("wheel", away, { passive: true });
addEventListener("touchmove", away, { passive: true });
addEventListener("scroll", () => { if (performance.now() > ours) away(); }, { passive: true });
addEventListener("resize", () => { ours = performance.now() + 1000; keepInSight(); });
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("select, input")) return;
  const sentence = event.target.closest(".sentence");
  if (sentence) {
    const chosen = { ArrowDown: () => step(1), ArrowUp: () => step(-1), Enter: () => sentence.click() }[event.key];
    if (chosen) { event.preventDefault(); return chosen(); }
  }
  if (event.target.closest("button") && event.key === " ") return;
  const acts = { " ": toggle, ArrowLeft: () => jump(-5), ArrowRight: () => jump(5), n: () => turn(1), p: () => turn(-1) };
  if (acts[event.key]) { event.preventDefault(); acts[event.key](); }
});

list();
at("speed").value = recall("speed") || "1";
at("follow").checked = recall("follow") !== "false";
let [last, seconds] = [0, 0];
try { [last, seconds] = JSON.parse(recall("place")) || [0, 0]; } catch (damaged) { /* start at the beginning */ }
open(book.chapters[last] ? last : 0, Number(seconds) || 0, false);
