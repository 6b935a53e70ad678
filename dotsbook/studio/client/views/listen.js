// Text and sound in one view. Only the lines near the window are there; others are as high as they were, or as they may be.
import { button, byId, fill, h } from "../dom.js"
import { go, play, player, second } from "../player.js"
import { STRETCH_LINES, placeOf, store, stretch, total, watch } from "../store.js"
import { STATES } from "../strip.js"

export const title = "Listen"
const GUESS = 34 // px that a line is high until it was seen
const GLOW = "Highlight" in window

let text, seen, filled, follows

export function show(main, id) {
  const choose = h("select", { id: "chapter", "aria-label": "Chapter", onchange: () => jump(Number(choose.value)) })
  const followBox = h("input", { type: "checkbox", id: "follow", checked: true })
  follows = () => followBox.checked
  text = h("div", { id: "text", className: "text", role: "region", "aria-label": "The book's text" })
  fill(main,
    h("h1", { className: "hidden" }, "Listen"),
    h("p", { className: "row" }, choose, h("label", {}, followBox, " follow"),
      button("Doubtful lines", () => { location.hash = "#/doubtful" }),
      h("span", { className: "soft" }, "m marks what you just heard; ? shows the keys")),
    text)
  filled = new Map()
  seen = new IntersectionObserver(entries => entries.forEach(near), { rootMargin: "1200px 0px" })

  function build() {
    if (!store.book) return
    fill(choose, store.book.chapters.map(one => h("option", { value: one.first }, one.title)))
    seen.disconnect()
    filled.clear()
    const blocks = []
    for (let number = 0; number * STRETCH_LINES < total(); number += 1) {
      const lines = Math.min(STRETCH_LINES, total() - number * STRETCH_LINES)
      blocks.push(h("div", { className: "stretch", data: { number }, style: { minHeight: `${lines * GUESS}px` } }))
    }
    fill(text, blocks)
    for (const block of blocks) seen.observe(block)
    jump(player.place, false)
  }

  text.addEventListener("click", event => {
    const node = event.target.closest(".line")
    if (node) playWord(node, event)
  })
  text.addEventListener("keydown", event => {
    const node = event.target.closest(".line")
    if (node && event.key === "Enter") { event.preventDefault(); play(Number(node.dataset.place)) }
  })

  const end = watch((what, detail) => {
    if (what === "book") build()
    if (what === "lines") changed(detail)
    if (what === "line") lit(true)
    if (what === "time") glow()
  })
  build()
  if (id) placeOf(id).then(place => { jump(place); go(place) }, () => {})
  return () => { end(); seen.disconnect(); if (GLOW) CSS.highlights.clear() }
}

export function moved(id) {
  if (id && store.lines.get(player.place)?.id !== id) placeOf(id).then(place => { jump(place); go(place) }, () => {})
  return true
}

// Scrolls to a place, and makes it the current one.
async function jump(place, moves = true) {
  const block = text.children[Math.floor(place / STRETCH_LINES)]
  if (!block) return
  block.scrollIntoView({ block: "start" })
  await write(block)
  nodeOf(place)?.scrollIntoView({ block: "center" })
  if (moves && place !== player.place) go(place)
  else lit(false)
}

async function near(entry) {
  if (entry.isIntersecting) await write(entry.target)
  else if (filled.has(entry.target)) {
    entry.target.style.minHeight = `${entry.boundingClientRect.height}px`
    if (!entry.target.contains(document.activeElement)) {
      fill(entry.target)
      filled.delete(entry.target)
    }
  }
}

async function write(block) {
  if (filled.has(block)) return
  filled.set(block, true)
  let lines
  try {
    lines = await stretch(Number(block.dataset.number))
  } catch {
    filled.delete(block)
    return
  }
  const parts = []
  let paragraph = null
  for (const one of lines) {
    const name = `${one.chapter}/${one.paragraph}`
    if (paragraph?.dataset.name !== name) {
      paragraph = h(one.kind === "heading" ? "h2" : "p", { className: one.kind, lang: one.language, dir: "auto", data: { name } })
      parts.push(paragraph)
    }
    paragraph.append(drawn(one), " ")
  }
  fill(block, parts)
  block.style.minHeight = ""
  lit(false)
  doubts()
}

function drawn(one) {
  const node = h("span", { className: "line", role: "button", tabIndex: one.place === player.place ? 0 : -1, data: { place: one.place } }, one.text)
  paint(node, one)
  return node
}

function paint(node, one) {
  node.dataset.state = one.state ?? "unknown"
  const signs = [one.state && one.state !== "made" ? STATES[one.state] : "", one.locked ? "⊠" : "", one.notes ? "✎" : "", one.directed ? "‖" : ""].filter(Boolean).join("")
  if (signs) node.dataset.signs = signs
  else delete node.dataset.signs
  const says = [one.state, one.locked && "locked", one.notes && `${one.notes} noted`, one.directed && "directed"].filter(Boolean).join(", ")
  node.setAttribute("aria-description", says)
  node.title = `${one.id} ${one.voice}${says ? `: ${says}` : ""}${one.spoken ? `\nspoken: ${one.spoken}` : ""}`
}

const nodeOf = place => text?.querySelector(`.line[data-place="${place}"]`)

function changed(places) {
  if (places === null) {
    for (const block of [...filled.keys()]) filled.delete(block)
    for (const block of text.children) {
      const box = block.getBoundingClientRect()
      if (box.bottom > -1200 && box.top < innerHeight + 1200) write(block)
    }
    return
  }
  for (const place of places) {
    const [node, one] = [nodeOf(place), store.lines.get(place)]
    if (node && one) {
      if (node.textContent !== one.text) node.textContent = one.text
      paint(node, one)
    }
  }
  doubts()
}

function lit(moves) {
  const before = text.querySelector(".line[aria-current]")
  const node = nodeOf(player.place)
  if (before && before !== node) {
    before.removeAttribute("aria-current")
    before.tabIndex = -1
  }
  if (!node) {
    if (moves && follows() && text.children.length) jump(player.place, false)
    return
  }
  if (node !== before) {
    node.setAttribute("aria-current", "true")
    node.tabIndex = 0
    if (before && before === document.activeElement) node.focus({ preventScroll: true })
  }
  if (moves && follows()) {
    const box = node.getBoundingClientRect()
    const bar = byId("player").getBoundingClientRect().top
    if (box.top < 60 || box.bottom > bar - 40) node.scrollIntoView({ block: "center" })
  }
  if (moves) {
    const chapter = store.book.chapters.findLast(one => one.first <= player.place)
    if (chapter) byId("chapter").value = String(chapter.first)
  }
}

// the spoken word, and doubtful ones

function range(node, start, end) {
  const found = new Range()
  const inside = node.firstChild
  if (!inside || end > inside.length || start >= end) return null
  found.setStart(inside, start)
  found.setEnd(inside, end)
  return found
}

let glowing = ""
function glow() {
  if (!GLOW || !player.line?.words) {
    if (glowing) { CSS.highlights.delete("word"); glowing = "" }
    return
  }
  const at = second()
  const word = player.line.words.findLast(([, , begins]) => begins <= at)
  const name = word ? `${player.place} ${word[0]}` : ""
  if (name === glowing) return
  glowing = name
  const node = word && nodeOf(player.place)
  const found = node && range(node, word[0], word[1])
  if (found) CSS.highlights.set("word", new Highlight(found))
  else CSS.highlights.delete("word")
}

function doubts() {
  if (!GLOW) return
  const found = []
  for (const node of text.querySelectorAll('.line[data-state="doubtful"]')) {
    for (const [start, end, , , , doubt] of store.lines.get(Number(node.dataset.place))?.words ?? []) {
      const here = doubt > 0.5 && range(node, start, end)
      if (here) found.push(here)
    }
  }
  CSS.highlights.set("doubt", new Highlight(...found))
}

// Plays from the word that was clicked, where the ears know when it is spoken; else from the line's beginning.
function playWord(node, event) {
  const place = Number(node.dataset.place)
  const one = store.lines.get(place)
  let at = null
  if (one?.words?.length && event.detail) {
    const spot = document.caretPositionFromPoint?.(event.clientX, event.clientY)
    const offset = spot ? spot.offset : document.caretRangeFromPoint?.(event.clientX, event.clientY)?.startOffset
    const word = offset === undefined ? null : one.words.findLast(([start]) => start <= offset)
    at = word ? Math.max(0, word[2] - 0.05) : null
  }
  play(place, at)
}
