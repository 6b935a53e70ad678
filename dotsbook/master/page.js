"use strict";
const book = JSON.parse(document.getElementById("book").textContent);
const at = (id) => document.getElementById(id);
const audio = at("audio");
let chapter = null;        // the one shown
let spans = [];            // its sentences' elements, in order
let current = -1;

const minutes = (s) => {
  s = Math.max(0, Math.round(s));
  const rest = String(s % 60).padStart(2, "0");
  return s < 3600 ? `${Math.floor(s / 60)}:${rest}` : `${Math.floor(s / 3600)}:${String(Math.floor(s / 60) % 60).padStart(2, "0")}:${rest}`;
};
const remember = (key, value) => { try { localStorage.setItem(`dotsbook ${book.id} ${key}`, value); } catch (refused) { /* private window: nothing is kept */ } };
const recall = (key) => { try { return localStorage.getItem(`dotsbook ${book.id} ${key}`); } catch (refused) { return null; } };

function list() {
  book.chapters.forEach((entry, index) => {
    const item = document.createElement("li"), button = document.createElement("button"), name = document.createElement("span"), length = document.createElement("time");
    button.type = "button";
    name.dir = "auto";
    name.textContent = entry.title;
    length.textContent = minutes(entry.seconds);
    button.append(name, length);
    button.addEventListener("click", () => open(index, 0, true));
    item.append(button);
    at("chapters").append(item);
  });
}

function open(index, seconds, play) {
  const changed = chapter !== index;
  chapter = index;
  const entry = book.chapters[index];
  if (changed) {
    [...at("chapters").querySelectorAll("button")].forEach((button, i) => i === index ? button.setAttribute("aria-current", "true") : button.removeAttribute("aria-current"));
    write(entry);
    draw(entry);
    at("seek").max = entry.seconds;
  }
  const start = () => { audio.currentTime = entry.offset + seconds; audio.playbackRate = Number(at("speed").value); if (play) audio.play(); follow(); };
  const source = new URL(entry.audio, document.baseURI).href;
  if (audio.src !== source) {
    audio.src = source;
    audio.addEventListener("loadedmetadata", start, { once: true });
  } else start();
}

function write(entry) {
  const text = at("text");
  text.replaceChildren();
  spans = [];
  current = -1;
  let block = null, paragraph = null;
  for (const [start, end, words, number, kind, language, voice] of entry.sentences) {
    if (number !== paragraph) {
      paragraph = number;
      block = document.createElement(kind === "heading" ? "h2" : kind === "quote" ? "blockquote" : "p");
      if (kind === "verse") block.className = "verse";
      block.dir = "auto";
      text.append(block);
    } else block.append(" ");
    const span = document.createElement("span");
    span.className = "sentence";
    span.textContent = words;
    span.lang = language;
    span.dataset.voice = voice;
    span.addEventListener("click", () => open(chapter, start, true));
    block.append(span);
    spans.push({ start, end, span });
  }
}

function draw(entry) {
  const bars = entry.wave.map((height, i) => `<rect x="${i}" y="${(20 - 19 * height).toFixed(1)}" width="0.7" height="${(1 + 38 * height).toFixed(1)}"/>`);
  at("wave").innerHTML = bars.join("");
}

function follow() {
  const entry = book.chapters[chapter], now = audio.currentTime - entry.offset;
  if (now >= entry.seconds - 0.05 && !audio.paused) {
    if (chapter + 1 < book.chapters.length) return open(chapter + 1, 0, true);
    audio.pause();
  }
  at("seek").value = now;
  at("seek").setAttribute("aria-valuetext", `${minutes(now)} of ${minutes(entry.seconds)}`);
  at("clock").textContent = `${minutes(now)} / ${minutes(entry.seconds)}`;
  const bars = at("wave").children, heard = Math.round(bars.length * now / entry.seconds);
  for (let i = 0; i < bars.length; i++) bars[i].classList.toggle("heard", i < heard);
  let low = 0, high = spans.length;
  while (low < high) { const middle = (low + high) >> 1; if (spans[middle].start <= now + 0.02) low = middle + 1; else high = middle; }
  if (low - 1 !== current) {
    if (spans[current]) spans[current].span.removeAttribute("aria-current");
    current = low - 1;
    if (spans[current]) { spans[current].span.setAttribute("aria-current", "true"); keepInSight(spans[current].span); }
  }
  remember("place", JSON.stringify([chapter, Math.max(0, now)]));
}

function keepInSight(element) {
  const box = element.getBoundingClientRect();
  if (box.top < 160 || box.bottom > innerHeight * 0.8) element.scrollIntoView({ block: "center" });
}

const jump = (seconds) => { audio.currentTime = Math.max(book.chapters[chapter].offset, audio.currentTime + seconds); };
const turn = (step) => { const next = chapter + step; if (next >= 0 && next < book.chapters.length) open(next, 0, !audio.paused); };
const toggle = () => { audio.paused ? audio.play() : audio.pause(); };

at("play").addEventListener("click", toggle);
at("back").addEventListener("click", () => jump(-15));
at("on").addEventListener("click", () => jump(15));
at("speed").addEventListener("change", () => { audio.playbackRate = Number(at("speed").value); remember("speed", at("speed").value); });
at("seek").addEventListener("input", () => { audio.currentTime = book.chapters[chapter].offset + Number(at("seek").value); });
audio.addEventListener("play", () => { at("play").textContent = "Pause"; });
audio.addEventListener("pause", () => { at("play").textContent = "Play"; });
audio.addEventListener("timeupdate", follow);
audio.addEventListener("error", () => { at("trouble").hidden = false; at("trouble").textContent = `The audio ${book.chapters[chapter].audio} can't be played. It belongs beside this page.`; });
document.addEventListener("keydown", (event) => {
  if (event.target.closest("button, select") && event.key === " " || event.ctrlKey || event.metaKey || event.altKey) return;
  const acts = { " ": toggle, ArrowLeft: () => jump(-5), ArrowRight: () => jump(5), n: () => turn(1), p: () => turn(-1) };
  if (acts[event.key] && !(event.target.id === "seek" && event.key.startsWith("Arrow"))) { event.preventDefault(); acts[event.key](); }
});

list();
at("speed").value = recall("speed") || "1";
let [last, seconds] = [0, 0];
try { [last, seconds] = JSON.parse(recall("place")) || [0, 0]; } catch (damaged) { /* start at the beginning */ }
open(book.chapters[last] ? last : 0, Number(seconds) || 0, false);
