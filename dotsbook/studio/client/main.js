// The page: which view is shown, the keys, and what is marked while listening.
import { kept, rejected, tried, who, wish } from "./api.js"
import { button, byId, field, fill, h, say } from "./dom.js"
import { keyOf, showHelp } from "./keys.js"
import { connect } from "./live.js"
import { faster, go, meant, moveTo, player, second, showPlayer, skip, toggle } from "./player.js"
import { line, placeOf, store, watch } from "./store.js"
import * as book from "./views/book.js"
import * as cast from "./views/cast.js"
import * as direct from "./views/direct.js"
import * as doubtful from "./views/doubtful.js"
import * as listen from "./views/listen.js"
import * as punch from "./views/punch.js"
import * as review from "./views/review.js"
import * as takes from "./views/takes.js"
import * as words from "./views/words.js"

const VIEWS = { book, listen, doubtful, takes, words, cast, direct, review, punch }
const NAMED = ["book", "listen", "doubtful", "takes", "words", "cast", "direct", "review"]
const CATEGORIES = ["misread", "missing", "extra", "pace", "tone", "noise"]
const MARKED = 8000 // ms in which a category still belongs to the mark before it

let shown = null // {name, view, end}
let marked = null // {line: a promise of it, at, until}

export function open(view, id = "") {
  location.hash = id ? `#/${view}/${id}` : `#/${view}`
}

function route() {
  const [, name = "book", id = ""] = location.hash.split("/")
  const view = VIEWS[name] ? name : "book"
  const given = decodeURIComponent(id)
  if (shown?.name === view && shown.view.moved?.(given)) return
  shown?.end?.()
  const main = byId("main")
  if (shown) main.focus({ preventScroll: true }) // who follows a link goes on from there
  fill(main)
  main.dataset.view = view
  shown = { name: view, view: VIEWS[view], end: null }
  shown.end = VIEWS[view].show(main, given, { open, say })
  if (given && view !== "listen") placeOf(given).then(go, () => {})
  for (const link of byId("views").querySelectorAll("a")) {
    if (link.dataset.view === view) link.setAttribute("aria-current", "page")
    else link.removeAttribute("aria-current")
  }
  document.title = `${VIEWS[view].title} · ${store.book?.title ?? "dotsbook"}`
}

function navigation() {
  fill(byId("views"), NAMED.map(name => h("li", {}, h("a", { href: `#/${name}`, data: { view: name } }, VIEWS[name].title))))
  byId("views").append(
    h("li", {}, button("Keys", () => showHelp(), { id: "show-keys", "aria-keyshortcuts": "?" })),
    h("li", {}, button("You", askName, { id: "show-you" })),
  )
}

function askName() {
  const input = h("input", { value: who(), maxLength: 80, autocomplete: "name" })
  const dialog = byId("help")
  fill(dialog,
    h("h2", { id: "help-title" }, "Who are you?"),
    field("Your name, for the record of who did what", input),
    h("p", {}, button("Keep", () => { localStorage.setItem("dotsbook-name", input.value.trim() || "studio"); dialog.close() })))
  dialog.showModal()
}

// what the keys do

const current = () => player.line ?? line(player.place)

async function withLine(does) {
  const one = await current()
  if (one) await does(one)
}

async function setMark(category = "") {
  const now = performance.now()
  if (category && marked && now < marked.until) return settle(category)
  const { place, second: at } = meant()
  const before = marked
  const mine = marked = { line: line(place), at, until: now + MARKED } // at once: the next key may be its category
  byId("mark")?.remove()
  if (before) await keepMark(before)
  if (category) return settle(category)
  const one = await mine.line
  if (marked !== mine) return
  showMark(one)
  setTimeout(() => { if (marked === mine && mine.until < Infinity) settle() }, MARKED)
}

// Writes the mark down: with its category and words, or as it is where nobody gave it any.
async function settle(category = "", text = "") {
  const mine = marked
  marked = null
  byId("mark")?.remove()
  if (mine) await keepMark(mine, category, text)
}

async function keepMark({ line: asked, at }, category = "", text = "") {
  let one
  const done = await tried(async () => {
    one = await asked
    await wish("note", { line: one.id, text: text || "marked while listening", category, at })
  })
  if (done) say(`Marked ${one.id}${category ? ` as ${category}` : ""}.`)
}

function showMark(one) {
  const input = h("input", { "aria-label": "Note", placeholder: "a note, then Enter", maxLength: 2000 })
  const text = one.text.length > 60 ? `${one.text.slice(0, 60)}…` : one.text
  const written = () => settle("", input.value.trim())
  const panel = h("form", { id: "mark", "aria-label": "Mark", onsubmit: event => { event.preventDefault(); written(); byId("main").focus() } },
    h("p", {}, h("strong", {}, one.id), ` ${text}`),
    h("p", { className: "row" }, CATEGORIES.map((name, at) => button(`${at + 1} ${name}`, () => settle(name, input.value.trim())))),
    input)
  panel.addEventListener("focusin", () => { if (marked) marked.until = Infinity })
  panel.addEventListener("focusout", event => { if (marked && !panel.contains(event.relatedTarget)) written() })
  byId("player").append(panel)
}

const DOES = {
  play: () => toggle(),
  back: () => skip(-3),
  on: () => skip(3),
  next: () => moveTo(player.place + 1),
  previous: () => moveTo(player.place - 1),
  doubt: () => goDoubtful(1),
  doubtBack: () => goDoubtful(-1),
  mark: () => setMark(),
  retake: () => withLine(one => tried(() => wish("retake", { line: one.id, key: one.key }), `Another take of ${one.id} is asked for.`)),
  take: () => withLine(async one => { if (shown.name === "takes") shown.view.nextTake?.(); else open("takes", one.id) }),
  compare: () => withLine(one => { if (shown.name === "takes") shown.view.compare?.(); else open("takes", one.id) }),
  accept: () => withLine(async one => {
    if (await tried(() => wish("accept", { lines: [one.id] }), `${one.id} is accepted.`) && shown.name === "doubtful") shown.view.decided?.()
  }),
  reject: () => withLine(async one => {
    if (await tried(() => rejected(one), `${one.id} is rejected: another take is asked for.`) && shown.name === "doubtful") shown.view.decided?.()
  }),
  edit: () => withLine(one => open("words", one.id)),
  lexicon: () => open("words"),
  cast: () => open("cast"),
  direct: () => withLine(one => open("direct", one.id)),
  undo: () => tried(async () => {
    const { undone } = await wish("undo")
    say(undone ? `Taken back: ${undone}.` : "There is nothing to take back.")
  }),
  slower: () => faster(-1),
  faster: () => faster(1),
  help: () => showHelp(),
  ...Object.fromEntries(CATEGORIES.map((name, at) => [`category${at + 1}`, () => {
    if (!shown.view.number?.(at + 1)) setMark(name)
  }])),
}

async function goDoubtful(step) {
  if (shown.name === "doubtful") return shown.view.step(step)
  return open("doubtful")
}

document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey) return
  const at = event.target
  const writes = at.matches("input:not([type=checkbox]):not([type=radio]), textarea, select")
  if (writes || byId("help").open) return
  const name = keyOf(event.key)
  if (!name) {
    if (/^[1-9]$/.test(event.key) && shown.view.number?.(Number(event.key))) event.preventDefault()
    return
  }
  if (at.matches("button, summary, [type=checkbox], [type=radio], audio") && event.key === " ") return
  event.preventDefault()
  DOES[name]()
})

watch(what => {
  if (what === "book") {
    byId("title").textContent = store.book.title
    if (!player.line && store.book.lines) go(player.place)
    if (!shown) route()
    else document.title = `${shown.view.title} · ${store.book.title}`
  }
})

window.addEventListener("hashchange", route)
window.addEventListener("beforeunload", event => { if (kept().length) event.preventDefault() })
navigation()
showPlayer()
connect()

// for tests: what is being heard
window.dotsbook = { player, store, second, meant }
