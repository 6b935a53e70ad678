// How names are said, with the lines that hold them and what a change costs; and what one line says.
import { ask, tried, wish } from "../api.js"
import { button, clock, count, field, fill, h, say } from "../dom.js"
import { store, watch } from "../store.js"

export const title = "Words"

export function show(main, id, { open }) {
  const word = h("input", { id: "word", maxLength: 200, required: true })
  const spelt = h("input", { id: "say", maxLength: 200 })
  const places = h("div", { id: "places", "aria-live": "polite" })
  const list = h("div")
  const sound = new Audio()
  const text = h("textarea", { id: "spoken", rows: 3, maxLength: 2000 })
  const line = h("section", { "aria-labelledby": "line-words" })
  const written = h("textarea", { id: "written", rows: 3, maxLength: 20000 })
  const inFile = h("div")
  let here = null, source = null

  const hear = (where, what) => tried(async () => {
    const { sound: at } = await wish("try-text", { line: where, text: what })
    sound.src = at
    await sound.play()
  })
  const fields = () => ({ word: word.value.trim(), say: spelt.value.trim() || undefined })

  fill(main, h("h1", {}, "Words"),
    line,
    h("h2", {}, "A word, wherever it stands"),
    h("form", { id: "entry", "aria-label": "Lexicon entry", onsubmit: event => { event.preventDefault(); look() } },
      field("Word", word), field("is said", spelt, "as it sounds: shi-VAWN"),
      h("p", { className: "row" },
        h("button", {}, "Show the places"),
        button("Hear it alone", () => firstPlace(one => hear(one.chunk, spelt.value.trim() || word.value.trim()))),
        button("Hear it in its line", () => firstPlace(one => hear(one.chunk, one.spoken))),
        button("Save for all places", () => save(spelt.value.trim()), { id: "save-entry" }),
        button("Take the entry out", () => save(null)))),
    places,
    h("h2", {}, "Names and odd words"),
    list)

  async function firstPlace(does) {
    if (!word.value.trim()) return say("Write the word first.", true)
    await tried(async () => {
      const { places: found } = await ask("places", fields())
      if (found.length) await does(found[0])
      else say("The word stands nowhere in the book.", true)
    })
  }

  async function look() {
    await tried(async () => {
      const told = await ask("places", fields())
      fill(places,
        h("p", {}, `${count(told.count, "line")}${told.said_now ? `, said “${told.said_now}” now` : ""}. ${fields().say ? `${clock(told.audio_seconds)} of sound to be made anew${told.render_seconds ? `, in about ${clock(told.render_seconds)}` : ""}.` : ""}`),
        h("ul", { className: "places" }, told.places.slice(0, 100).map(one => h("li", {},
          h("a", { href: `#/listen/${one.chunk}` }, one.chunk), " ",
          one.text.slice(Math.max(0, one.start - 60), one.start), h("mark", {}, one.text.slice(one.start, one.end)), one.text.slice(one.end, one.end + 60), " ",
          button("this line only", () => tried(() => wish("say-instead", { line: one.chunk, text: one.spoken }), `${one.chunk} says: ${one.spoken}`), { "aria-label": `Save for line ${one.chunk} only` })))))
    })
  }

  async function save(spelling) {
    if (!word.value.trim()) return say("Write the word first.", true)
    if (await tried(() => wish("write-entry", { word: word.value.trim(), say: spelling }), spelling ? `${word.value} is said ${spelling}.` : `${word.value} has no entry any more.`)) look()
  }

  async function load() {
    await tried(async () => {
      const told = await ask("words")
      const take = one => { word.value = one.word; spelt.value = one.entry ?? one.say ?? ""; word.focus(); look() }
      fill(list,
        h("div", { className: "wide", role: "region", tabIndex: 0, "aria-label": "Names and odd words" }, h("table", {},
          h("thead", {}, h("tr", {}, ["word", "why", "times", "said", "first"].map(name => h("th", { scope: "col" }, name)))),
          h("tbody", {}, told.words.map(one => h("tr", {}, h("td", {}, button(one.word, () => take(one))), h("td", {}, one.why), h("td", {}, String(one.count)), h("td", {}, one.entry ?? "–"), h("td", {}, h("a", { href: `#/listen/${one.line}` }, one.line))))))),
        h("h2", {}, "The lexicon"),
        told.entries.length ? h("ul", {}, told.entries.map(one => h("li", {}, button(one.word, () => take(one)), ` is said ${one.say}`))) : h("p", {}, "It has no entry yet."))
    })
    if (id) await loadLine()
  }

  async function loadLine() {
    await tried(async () => {
      here = await ask("line", { line: id })
      if (document.activeElement !== text) text.value = here.spoken
      fill(line, h("h2", { id: "line-words" }, `Line ${id}`), h("p", { lang: here.language, dir: "auto" }, here.text),
        field("What is spoken", text, "the book's own text stays as it is"),
        h("p", { className: "row" },
          button("Hear it", () => hear(id, text.value)),
          button("Say this", () => tried(() => wish("say-instead", { line: id, text: text.value.trim() }), `${id} is to be made anew.`), { id: "say-this" }),
          button("As the book has it", () => tried(() => wish("say-instead", { line: id, text: null }), `${id} is spoken as the book has it.`)),
          button("Its takes", () => open("takes", id))),
        inFile)
    })
    await loadSource()
  }

  // The line as it stands in the manuscript's own file, where that is text.
  async function loadSource() {
    try {
      const before = source
      source = await ask("source-line", { line: id })
      if (document.activeElement !== written || source.text !== before?.text) written.value = source.text
      fill(inFile,
        field(`Line ${source.row} of ${source.file}`, written, "the manuscript itself; the file as it was is kept in .dotsbook/manuscripts"),
        h("p", { className: "row" }, button(`Write it into ${source.file}`, () => tried(() => wish("rewrite", { line: id, text: written.value, before: source.text }), `${source.file} is written.`), { id: "write-source" })))
    } catch (error) {
      source = null
      fill(inFile, h("p", { className: "soft" }, error.message))
    }
  }

  load()
  const end = watch(what => { if (what === "book") load() })
  return () => { end(); sound.pause() }
}
