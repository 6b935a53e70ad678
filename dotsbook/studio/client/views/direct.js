// How lines are to be spoken: a line, some of its words or several lines; what their engine can't do is said before it is asked.
import { ask, tried, wish } from "../api.js"
import { button, count, field, fill, h, keep, say } from "../dom.js"
import { go, play, player } from "../player.js"
import { line, placeOf, store, total, watch } from "../store.js"

export const title = "Direct"
const BEFORE = 6, AFTER = 24 // lines that are shown around the one that is directed
const MOST = 50 // lines at once
const NAMES = { "pause-before": "pause before", "pause-after": "pause after", rate: "speed", emo: "emotion", instruct: "instruction" }
const HOW = { recording: "by a recording of it", words: "by an instruction" }

let parts, chosen, words, told, can, sound, ticket

export function show(main, id) {
  chosen = null
  words = null // {first, last} of the line's words, where only some are meant
  can = null
  ticket = 0
  sound = new Audio()
  const number = (name, least, most, hint) => h("input", { type: "number", min: least, max: most, step: 0.05, id: name, name, inputMode: "decimal", placeholder: hint })
  parts = {
    head: h("h2", { id: "directed-line" }),
    text: h("div", { className: "text", role: "region", "aria-label": "The lines around it" }),
    words: h("div", { className: "words", role: "group", "aria-label": "Words of the line", onkeydown: wordKeys }),
    many: h("input", { type: "number", min: 1, max: MOST, value: 1, id: "many" }),
    wanted: {
      "pause-before": number("pause-before", 0, 30, "as it is"), "pause-after": number("pause-after", 0, 30, "as it is"), rate: number("rate", 0.5, 2, "1"),
      emo: h("select", { id: "emo", name: "emo" }), instruct: h("input", { id: "instruct", name: "instruct", maxLength: 200 }),
    },
    can: h("ul", { id: "cannot", className: "soft" }),
    cost: h("div", { id: "cost", role: "status" }),
    mend: h("form", { id: "mend", "aria-label": "Mend its take", onsubmit: event => { event.preventDefault(); mend() } }),
    list: h("div"),
  }
  const { wanted } = parts
  fill(main, h("h1", {}, "Direct"),
    h("p", { className: "soft" }, "Choose words of the line, or how many lines; what is written down stands in direction.yaml. A pause costs no take."),
    parts.text,
    h("form", { id: "direct", "aria-label": "Direction", onsubmit: event => { event.preventDefault(); decide(false) } },
      parts.head,
      parts.words,
      h("p", { className: "row" }, button("The whole line", () => { words = null; drawWords() }, { id: "whole" }), field("lines", parts.many)),
      h("p", { className: "row" }, field("pause before, s", wanted["pause-before"]), field("pause after, s", wanted["pause-after"]), field("speed", wanted.rate)),
      h("p", { className: "row" }, field("emotion", wanted.emo), field("instruction", wanted.instruct)),
      parts.can,
      h("p", { className: "row" }, h("button", { id: "write-direction" }, "Write it down"), button("What it costs", () => decide(true), { id: "look" }),
        button("Hear it so", hear, { id: "hear-directed" }), button("Take it back", clear, { id: "clear-direction" })),
      parts.cost),
    parts.mend,
    h("h2", {}, "All direction"),
    parts.list)
  parts.many.addEventListener("input", () => { words = null; drawText(); drawWords() })
  const end = watch((what, places) => {
    if (what === "book") { choose(chosen?.place ?? player.place, true); list() }
    if (what === "line" && player.place !== chosen?.place) choose(player.place)
    if (what === "lines" && chosen && (places === null || places.some(place => Math.abs(place - chosen.place) < AFTER))) choose(chosen.place, true)
    if (what === "state") drawTask()
  })
  if (id) placeOf(id).then(place => choose(place), () => choose(player.place))
  else choose(player.place)
  list()
  return () => { end(); sound.pause() }
}

export function moved(id) {
  if (id && chosen?.id !== id) placeOf(id).then(place => choose(place), () => {})
  return true
}

const lines = () => {
  const [chapter, first] = chosen.id.split(".")
  const many = Math.max(1, Math.min(MOST, Number(parts.many.value) || 1))
  return many === 1 || first === undefined ? chosen.id : `${chapter}.${first}-${chapter}.${Number(first) + many - 1}`
}

// Makes a line the one that is directed. again: it is the same, told anew, and what is written in the form stays.
async function choose(place, again = false) {
  const mine = ++ticket
  const one = await line(place)
  if (mine !== ticket || !one) return
  const same = again && one.id === chosen?.id
  chosen = one
  if (!same) {
    words = null
    parts.many.value = "1"
    const { delivery = {}, pauses = [] } = one.directed ?? {}
    told = { ...delivery }
    for (const [at, seconds] of pauses) {
      if (at === 0) told["pause-before"] = String(seconds)
      if (at >= one.text.length) told["pause-after"] = String(seconds)
    }
    fill(parts.cost)
    parts.head.textContent = `Line ${one.id} · ${one.voice}`
  }
  drawWords()
  drawText()
  if (player.place !== place) go(place)
  await abilities(mine)
  if (!same) for (const [key, input] of Object.entries(parts.wanted)) input.value = told[key] ?? ""
}

async function abilities(mine) {
  await tried(async () => {
    const found = await ask("abilities", { line: chosen.id })
    if (mine !== ticket) return
    can = found
    const { emo, instruct } = parts.wanted
    const had = emo.value
    fill(emo, h("option", { value: "" }, "as it is"), can.emotions.map(one => h("option", { value: one.name }, `${one.name}, ${HOW[one.how] ?? "can't be heard"}`)))
    emo.value = had
    instruct.disabled = Boolean(can.instruct)
    const dumb = can.emotions.filter(one => !one.how)
    fill(parts.can,
      can.instruct ? h("li", {}, can.instruct) : null,
      dumb.length ? h("li", {}, `${dumb.map(one => one.name).join(", ")} can't be heard: ${dumb[0].why}. Add a recording of the voice (dotsbook voice add ${can.voice} --emotion ${dumb[0].name}).`) : null)
    drawMend()
  })
}

// the text, with what is asked of it as marks in it

const mark = (text, does) => h("span", { className: "directed", title: does }, text)

function drawn(one) {
  const { delivery = {}, pauses = [] } = one.directed ?? {}
  const pieces = []
  let at = 0
  for (const [place, seconds] of [...pauses].sort((a, b) => a[0] - b[0])) {
    pieces.push(one.text.slice(at, place), mark(`‖ ${seconds} s`, "a pause"))
    at = place
  }
  pieces.push(one.text.slice(at))
  const manner = Object.entries(delivery).map(([key, value]) => `${NAMES[key]} ${value}`).join(", ")
  return [
    manner ? mark(`${manner}:`, "how it is spoken") : null,
    ...(manner ? [h("em", {}, pieces)] : pieces),
  ]
}

async function drawText() {
  const mine = ticket
  const from = Math.max(0, chosen.place - BEFORE)
  const found = []
  for (let place = from; place < Math.min(total(), chosen.place + AFTER); place += 1) found.push(await line(place))
  if (mine !== ticket) return
  const last = chosen.place + Number(parts.many.value || 1) - 1
  const key = JSON.stringify(found.map(one => [one.id, one.text, one.directed])) + `${chosen.place} ${last}`
  keep(parts.text, key, () => h("ol", { className: "lines" }, found.filter(one => one.chapter === chosen.chapter).map(one => h("li", {},
    h("button", {
      type: "button", className: "whole-line", lang: one.language, dir: "auto", data: { name: `d${one.id}` },
      "aria-current": one.place >= chosen.place && one.place <= last ? "true" : null,
      onclick: event => event.shiftKey && one.place > chosen.place ? reach(one.place) : choose(one.place),
    }, h("span", { className: "soft" }, `${one.id} `), ...drawn(one))))))
}

function reach(place) {
  parts.many.value = String(Math.min(MOST, place - chosen.place + 1))
  words = null
  drawText()
  drawWords()
}

// the words of the line

const wordsOf = text => [...text.matchAll(/\S+/g)].map(found => ({ start: found.index, end: found.index + found[0].length, text: found[0] }))

function drawWords() {
  const several = Number(parts.many.value) > 1
  const meant = at => words && at >= words.first && at <= words.last
  keep(parts.words, JSON.stringify([chosen.id, chosen.text, words, several]), () => several ? [] : wordsOf(chosen.text).map((one, at) => h("button", {
    type: "button", className: "word", "aria-pressed": meant(at) ? "true" : "false", tabIndex: at === (words?.last ?? 0) ? 0 : -1, data: { name: `w${at}`, at },
    onclick: event => pick(at, event.shiftKey),
  }, one.text)))
}

function pick(at, extends_) {
  words = extends_ && words ? { first: Math.min(words.first, at), last: Math.max(words.last, at) } : words?.first === at && words.last === at ? null : { first: at, last: at }
  drawWords()
  parts.words.querySelector(`[data-at="${at}"]`)?.focus()
}

function wordKeys(event) {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
  if (!step) return
  event.preventDefault()
  event.stopPropagation()
  const next = parts.words.children[Number(event.target.dataset.at) + step]
  if (!next) return
  for (const each of parts.words.children) each.tabIndex = each === next ? 0 : -1
  next.focus()
  if (event.shiftKey) pick(Number(next.dataset.at), true)
}

// what is wished for

function wished() {
  const wanted = {}
  for (const [key, input] of Object.entries(parts.wanted)) {
    const before = words ? "" : told[key] ?? ""
    const now = input.value.trim()
    if (now === before && !(now && Number(parts.many.value) > 1)) continue
    wanted[key] = now === "" ? null : key === "emo" || key === "instruct" ? now : Number(now)
  }
  const fields = { lines: lines(), wanted }
  if (words) {
    const all = wordsOf(chosen.text)
    fields.start = all[words.first].start
    fields.end = all[words.last].end
  }
  return fields
}

function decide(look) {
  const fields = wished()
  if (!Object.keys(fields.wanted).length) return say("Say what you want of it first.", true)
  return tried(async () => {
    const cost = await wish("direct", { ...fields, look })
    fill(parts.cost, h("p", {}, `${look ? "It would cost" : "Written down. It costs"} ${cost.takes ? count(cost.takes, "take") : "no take"}.`),
      cost.told.length ? h("ul", {}, cost.told.map(one => h("li", {}, one))) : null,
      cost.lines.length ? h("ul", {}, cost.lines.slice(0, 12).map(one => h("li", { className: "example" }, one))) : null)
    if (look) return
    if (!words) for (const [key, value] of Object.entries(fields.wanted)) told[key] = value === null ? "" : String(value)
    list()
  })
}

const hear = () => tried(async () => {
  const { sound: at } = await wish("hear-directed", wished())
  sound.src = at
  await sound.play()
})

const clear = () => tried(async () => {
  const { entries } = await wish("clear-direction", { lines: lines() })
  say(`${count(entries, "direction")} taken back.`)
  told = {}
  for (const input of Object.values(parts.wanted)) input.value = ""
  list()
})

async function list() {
  await tried(async () => {
    const { lines: found } = await ask("direction")
    fill(parts.list, found.length ? h("div", { className: "wide", role: "region", tabIndex: 0, "aria-label": "All direction" }, h("table", {},
      h("thead", {}, h("tr", {}, ["line", "words", "wanted", "where", "what isn't heard"].map(name => h("th", { scope: "col" }, name)))),
      h("tbody", {}, found.map(one => h("tr", {}, h("td", {}, one.chunk ? h("a", { href: `#/direct/${one.chunk}` }, one.chunk) : "not found"), h("td", {}, one.words.slice(0, 80)),
        h("td", {}, Object.entries(one.wanted).map(([key, value]) => `${NAMES[key]} ${value}`).join(", ")), h("td", {}, one.place), h("td", {}, one.told.join("; "))))))) : h("p", {}, "Nothing is directed yet."))
  })
}

// mending the take it has

const MENDS = { say: "other words", emotion: "another emotion", semitones: "higher or lower", rate: "quicker or slower", enhance: "less noise" }

function drawMend() {
  keep(parts.mend, JSON.stringify([chosen.id, can.edit]), () => {
    const head = h("h2", {}, "Mend the take it has")
    if (can.edit) return [head, h("p", { className: "soft" }, can.edit)]
    const what = h("select", { id: "mend-what" }, Object.entries(MENDS).map(([name, says]) => h("option", { value: name }, says)))
    const value = h("input", { id: "mend-value", maxLength: 2000, value: chosen.spoken ?? chosen.text })
    const hints = { say: chosen.spoken ?? chosen.text, emotion: "angry/2", semitones: "5", rate: "0.9", enhance: "" }
    what.addEventListener("change", () => { value.value = hints[what.value]; value.disabled = what.value === "enhance" })
    return [head, h("p", { className: "row" }, field("what", what), field("how", value), h("button", { id: "mend-it" }, "Mend it"),
      button("Its takes", () => { location.hash = `#/takes/${chosen.id}` }), button("Hear it as it is", () => play(chosen.place, null, chosen.place))),
    h("div", { id: "mending", role: "status" })]
  })
  drawTask()
}

function mend() {
  const what = document.getElementById("mend-what").value
  const value = document.getElementById("mend-value").value.trim()
  const given = { say: value, emotion: value, semitones: Math.round(Number(value)), rate: Number(value), enhance: true }[what]
  return tried(() => wish("mend", { line: chosen.id, [what]: given }), `${chosen.id} is being mended.`)
}

function drawTask() {
  const box = document.getElementById("mending")
  const task = store.state.tasks.find(one => one.kind === "fix")
  if (box && task) keep(box, JSON.stringify(task), () => [h("p", {}, `${task.what} (${task.state})`), h("ul", {}, task.said.slice(-6).map(one => h("li", {}, one)))])
}
