// Who speaks: people, their voices, the lines that are unsure; and voices enrolled.
import { ask, sendSound, tried, wish } from "../api.js"
import { button, count, field, fill, h, keep, say } from "../dom.js"
import { player } from "../player.js"
import { recorder } from "../recorder.js"
import { store, watch } from "../store.js"

export const title = "Cast"

const LONGEST = 50 // lines of a run

let people = [], doubtful = [], more = 0, at = 0, queue // more: unsure lines that aren't shown yet
const sent = new Set() // lines of the queue that are decided already, as long as the book isn't read again
let run = null // {first, last, lines} of the run of lines that is to be given to somebody, instead of the unsure line
let runBox

export function show(main) {
  const table = h("div")
  const voices = h("div")
  queue = h("section", { "aria-labelledby": "unsure" })
  run = null
  sent.clear()
  runBox = h("section", { "aria-labelledby": "run" })
  const sound = new Audio()

  const hear = fields => tried(async () => {
    const { sound: where } = await wish("hear", fields)
    sound.src = where
    await sound.play()
  })

  fill(main, h("h1", {}, "Cast"), table, queue, runBox, h("h2", {}, "Voices"), voices, adding())

  async function load() {
    await tried(async () => {
      const told = await ask("cast")
      people = told.people
      const names = told.voices.map(one => one.voice)
      keep(table, JSON.stringify([told.told, told.on, people, names]), () => [
        told.told.map(sentence => h("p", { className: "soft" }, sentence)),
        people.length && !told.on ? h("p", {}, "The narrator reads every line but those that the manuscript marks. ", button("Let them speak", () => tried(async () => { const { told: did } = await wish("cast-on"); say(did.join("; ") || "They speak.") }))) : null,
        people.length ? h("div", { className: "wide", role: "region", tabIndex: 0, "aria-label": "People" }, h("table", {},
          h("thead", {}, h("tr", {}, ["key", "who", "lines", "words", "sure", "voice", "hear", "same as"].map(name => h("th", { scope: "col" }, name)))),
          h("tbody", {}, people.map((one, index) => h("tr", {},
            h("td", {}, index < 9 ? String(index + 1) : ""),
            h("th", { scope: "row" }, one.name, one.aliases.length ? h("small", {}, ` (${one.aliases.join(", ")})`) : null, h("span", { className: "soft example" }, one.example.slice(0, 80))),
            h("td", {}, String(one.lines)), h("td", {}, String(one.words)), h("td", {}, `${Math.round(one.sure * 100)}\u00a0%`),
            h("td", {}, h("select", { "aria-label": `Voice of ${one.name}`, data: { name: `voice ${one.name}` }, onchange: event => tried(() => wish("assign", { name: one.name, voice: event.target.value }), `${one.name} speaks as ${event.target.value}.`) },
              [h("option", { value: "default", selected: !one.voice }, "the narrator's"), ...names.map(name => h("option", { value: name, selected: name === one.voice }, name))])),
            h("td", {}, button("Hear", () => hear({ name: one.name }), { "aria-label": `Hear ${one.name}`, data: { name: `hear ${one.name}` } })),
            h("td", {}, h("select", { "aria-label": `${one.name} is the same person as`, data: { name: `same ${one.name}` }, onchange: event => event.target.value && tried(() => wish("merge", { name: event.target.value, other: one.name }), `${one.name} is ${event.target.value}.`) },
              [h("option", { value: "" }, "–"), ...people.filter(other => other !== one).map(other => h("option", { value: other.name }, other.name))]))))))) : h("p", {}, "Nobody speaks in this book.")].flat().filter(Boolean))
      fill(voices, h("ul", { className: "voices" }, told.voices.map(one => h("li", {}, h("strong", {}, one.voice), ` ${one.engine}${one.cast.length ? ` · ${one.cast.join(", ")}` : ""}${one.consent ? ` · consent: ${one.consent}` : ""} `,
        button("Hear", () => hear({ voice: one.voice }), { "aria-label": `Hear the voice ${one.voice}` }), " ",
        button("Remove", () => tried(() => wish("remove-voice", { voice: one.voice }), `${one.voice} is taken out.`), { "aria-label": `Remove the voice ${one.voice}` })))))
      const unsureLines = await ask("cast-doubtful")
      more = unsureLines.count - unsureLines.lines.length
      doubtful = unsureLines.lines.filter(one => !sent.has(one.chunk))
      at = Math.min(at, Math.max(0, doubtful.length - 1))
      unsure()
      if (run) await showRun(run.first, run.last)
    })
  }

  load()
  drawRun()
  const end = watch(what => {
    if (what !== "book") return
    if (store.state.reading === null) sent.clear()
    load()
  })
  return () => { end(); sound.pause() }
}

function unsure() {
  const one = doubtful[at]
  fill(queue, h("h2", { id: "unsure" }, "Lines whose speaker is unsure"),
    one ? h("p", {}, h("strong", {}, `${at + 1} of ${(doubtful.length + more).toLocaleString("en")}`), " ", h("a", { href: `#/listen/${one.chunk}` }, one.chunk), " ", h("span", { className: "example" }, one.text), h("span", { className: "soft" }, ` ${one.name ?? "the narrator"}, ${Math.round(one.probability * 100)} %: ${one.reason}`)) : h("p", {}, "There is none."),
    one && !run ? h("p", { className: "row" }, whom(), button("Next", () => { at = (at + 1) % doubtful.length; unsure() })) : null)
}

// A run of lines, from one to another: who says them, and all of them given to one person.

function drawRun() {
  const first = h("input", { id: "run-first", size: 8, maxLength: 12, value: run?.first ?? player.line?.id ?? "", "aria-describedby": "run-hint" })
  const last = h("input", { id: "run-last", size: 8, maxLength: 12, value: run?.last ?? player.line?.id ?? "" })
  fill(runBox, h("h2", { id: "run" }, "A run of lines"),
    h("form", { className: "row", "aria-label": "A run of lines", onsubmit: event => { event.preventDefault(); tried(() => showRun(first.value.trim(), last.value.trim() || first.value.trim())) } },
      field("from line", first), field("to line", last), h("button", {}, "Show who says them"),
      run ? [button("One line more", () => tried(() => longer(1)), { id: "run-more" }), button("One line less", () => tried(() => longer(-1)), { id: "run-less" }), button("Done", () => { run = null; drawRun(); unsure() }, { id: "run-done" })] : null),
    h("p", { className: "soft", id: "run-hint" }, "As they are numbered in Listen: 3.42. Then 1 to 9 give all of them to a person."),
    run ? h("div", { id: "run-lines", tabIndex: -1, role: "group", "aria-label": "The lines of the run" },
      h("ol", { className: "run" }, run.lines.map(one => h("li", {}, h("a", { href: `#/listen/${one.chunk}` }, one.chunk), " ", h("strong", {}, one.name ?? "the narrator"), " ", h("span", { className: "example" }, one.text)))),
      h("p", { className: "row" }, whom())) : null)
}

async function showRun(first, last) {
  const { lines } = await ask("cast-run", { lines: first === last ? first : `${first}-${last}` })
  run = { first, last, lines }
  drawRun()
  unsure()
  document.getElementById("run-lines")?.focus()
}

async function longer(step) {
  const [chapter, number] = run.last.split(".").map(Number)
  const next = Math.max(Number(run.first.split(".")[1]), number + step)
  if (next - Number(run.first.split(".")[1]) < LONGEST) await showRun(run.first, `${chapter}.${next}`)
}

const whom = () => [...people.slice(0, 9).map((person, index) => button(`${index + 1} ${person.name}`, () => decide(person.name))), button("nobody", () => decide("narrator"))]

async function decide(name) {
  if (run) {
    const { first, last, lines } = run
    if (await tried(() => wish("decide", { lines: first === last ? first : `${first}-${last}`, name }), `${count(lines.length, "line")} of ${first} to ${last}: ${name}.`)) {
      for (const one of lines) one.name = name
      drawRun()
      document.getElementById("run-lines")?.focus()
    }
    return
  }
  const one = doubtful[at]
  if (!one) return
  sent.add(one.chunk) // the next is there at once: whoever decides by keys waits for nothing
  doubtful.splice(at, 1)
  at = Math.min(at, Math.max(0, doubtful.length - 1))
  unsure()
  const done = await tried(() => wish("decide", { lines: one.chunk, name }), `${one.chunk}: ${name}.`)
  if (!done) {
    sent.delete(one.chunk)
    doubtful.splice(at, 0, one)
    unsure()
  }
}

// Keys 1 to 9 say who speaks.
export function number(digit) {
  if (!(run || doubtful.length) || !people[digit - 1]) return false
  decide(people[digit - 1].name)
  return true
}

function adding() {
  const name = h("input", { maxLength: 60, required: true, id: "voice-name" })
  const transcript = h("textarea", { rows: 2, maxLength: 2000, id: "voice-transcript" })
  const consent = h("input", { maxLength: 300, required: true, id: "voice-consent" })
  const file = h("input", { type: "file", accept: "audio/*", id: "voice-file" })
  const record = recorder()
  return h("form", {
    className: "add", "aria-label": "Add a voice", onsubmit: event => {
      event.preventDefault()
      const blob = file.files[0] ?? record.blob()
      if (!blob) return say("Choose a file or record something first.", true)
      tried(async () => {
        const done = await sendSound("add-voice", { name: name.value.trim(), transcript: transcript.value.trim(), consent: consent.value.trim() }, blob)
        say(`${done.voice} is enrolled. ${done.findings.map(one => one.advice).filter(Boolean).join(" ")}`)
      })
    },
  },
  h("h2", {}, "Add a voice"),
  field("Name", name), field("Recording", file, "about ten seconds of clean speech, or record it here:"), record.node,
  field("The exact words spoken in it", transcript),
  field("Consent", consent, "who allowed this voice to be cloned, and when: “mine”, “M. Doe, 2026-03-02”"),
  h("p", {}, h("button", {}, "Enrol it")))
}
