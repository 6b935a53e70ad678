// The book as a whole: its chapters as strips, the work that goes on, the finished files.
import { ask, tried, wish } from "../api.js"
import { button, clock, count, field, fill, h, keep, when } from "../dom.js"
import { play } from "../player.js"
import { store, watch } from "../store.js"
import { STATES, strip, told } from "../strip.js"

export const title = "Book"

const worker = one => one.left_out || [one.doing || "waits", one.rate ? `${one.rate.toFixed(1)} × real time` : null,
  `${count(one.done, "line")} so far`].filter(Boolean).join(", ")

export function show(main, _, { open }) {
  const figures = h("dl", { className: "figures" })
  const chapters = h("ol", { className: "chapters" })
  const work = h("div", { className: "work", "aria-live": "polite" })
  const files = h("div")
  const until = h("input", { type: "time", id: "until" })
  const lasting = h("input", { placeholder: "6h", size: 5, maxLength: 6, id: "lasting" })
  const agreed = h("input", { type: "checkbox", id: "agreed" })
  const warnings = h("div")
  const assembling = h("form", { id: "assemble", className: "row" })

  const stop = button("Stop", () => tried(() => wish("stop", { kind: "render" }), "It stops at the next take."), { id: "stop" })
  const stopAssembling = button("Stop", () => tried(() => wish("stop", { kind: "assemble" }), "It stops."), { "aria-label": "Stop assembling" })
  const unsure = h("label", { hidden: true }, agreed, " leave out what is unsure")

  const render = (fields = {}) => tried(() => wish("render", {
    until: until.value || null, lasting: lasting.value.trim() || null, skips_agreed: agreed.checked, ...fields,
  }), "Rendering.")

  fill(main,
    h("h1", { id: "book-title" }),
    warnings,
    figures,
    h("form", { className: "row", "aria-label": "Render", onsubmit: event => { event.preventDefault(); render() } },
      h("button", { id: "render" }, "Render"),
      stop,
      field("until", until), field("for", lasting),
      unsure,
      button("Check the takes", () => tried(() => wish("check"), "The book's judges hear the takes that they haven't heard."), { id: "check" })),
    work,
    h("h2", {}, "Chapters"),
    legend(),
    chapters,
    h("h2", {}, "Assemble"),
    assembling,
    files)

  function showBook() {
    const book = store.book
    if (!book) return
    main.querySelector("#book-title").textContent = book.title
    const sentences = [...book.warnings, ...book.unsure]
    fill(warnings, sentences.length ? h("details", {}, h("summary", {}, count(sentences.length, "remark")), h("ul", {}, sentences.map(one => h("li", {}, one)))) : null)
    const boxes = book.known_formats.map(name => h("label", {}, h("input", { type: "checkbox", name: "format", value: name, checked: book.formats.includes(name) }), ` ${name}`))
    const partial = h("input", { type: "checkbox", id: "partial" })
    const signed = h("input", { type: "checkbox", id: "signed" })
    fill(assembling, h("fieldset", {}, h("legend", {}, "Formats"), boxes),
      h("label", {}, partial, " although takes are missing"),
      h("label", {}, signed, " only what is signed"),
      h("button", {}, "Assemble"),
      stopAssembling)
    unsure.hidden = !book.unsure.length
    assembling.onsubmit = event => {
      event.preventDefault()
      const formats = [...assembling.querySelectorAll("[name=format]:checked")].map(box => box.value)
      tried(() => wish("assemble", { formats, partial: partial.checked, signed: signed.checked }), "Assembling.")
    }
    showState()
    showFiles()
  }

  function showState() {
    const state = store.state
    const list = state.chapters.length ? state.chapters : store.book?.chapters ?? []
    const states = {}
    for (const one of list) for (const [name, number] of Object.entries(one.states)) states[name] = (states[name] ?? 0) + number
    const lines = list.reduce((sum, one) => sum + one.lines, 0)
    const made = (states.made ?? 0) + (states.doubtful ?? 0) + (states.accepted ?? 0)
    const runs = kind => state.tasks.some(task => task.kind === kind && task.state === "running")
    stop.disabled = !runs("render")
    stopAssembling.disabled = !runs("assemble")
    fill(figures,
      pair("made", `${made.toLocaleString("en")} of ${lines.toLocaleString("en")} lines`),
      pair("sound", clock(list.reduce((sum, one) => sum + one.seconds, 0))),
      pair("still to make", clock(state.ahead)),
      pair("speed", state.rate ? `${state.rate.toFixed(1)} × real time` : "–"),
      pair("to go", clock(state.eta)),
      pair("free on the disk", state.free ? `${(state.free / 1e9).toFixed(1)} GB` : "–"),
      pair("voices", (store.book?.voices ?? []).join(", ")))
    keep(chapters, JSON.stringify(list), () => list.map(one => h("li", {},
      h("h3", {}, `${one.title}`),
      strip(one),
      h("p", { className: "row" },
        h("span", { className: "soft" }, `${told(one)} · ${clock(one.seconds)}`),
        button("Listen", () => { open("listen", ""); play(one.first) }, { "aria-label": `Listen to ${one.title}`, data: { name: `l${one.number}` } }),
        unmade(one) ? button("Render first", () => render({ first: one.number }), { "aria-label": `Render ${one.title} first`, data: { name: `r${one.number}` } }) : null))))
    keep(work, JSON.stringify(state.tasks), () => state.tasks.map(task => h("section", { className: `task ${task.state}` },
      h("h3", {}, `${task.kind}: ${task.state}`),
      task.state === "running" ? h("progress", { max: 1, value: task.share ?? undefined, "aria-label": task.kind }) : null,
      h("p", {}, task.what),
      task.workers.length ? h("ul", { "aria-label": "Workers" }, task.workers.slice(0, 40).map(one => h("li", {}, `${one.name}: ${worker(one)}`))) : null,
      task.dashboard ? h("p", { className: "soft" }, `dask's own pages: ${task.dashboard}`) : null,
      h("ul", {}, task.said.slice(-6).map(one => h("li", {}, one))),
      task.made.map(made => h("p", {}, `${made.path}: ${made.proved ? "proved" : "no proof"}`)))))
  }

  let asked = 0
  async function showFiles() {
    const mine = ++asked
    const { files: found } = await ask("files")
    if (mine !== asked) return
    fill(files, found.slice(0, 40).map(one => h("details", { className: "file", open: found.length === 1 },
      h("summary", {}, `${one.name} · ${(one.bytes / 1e6).toFixed(1)} MB · ${when(one.made)}`),
      one.plays ? h("audio", { controls: true, preload: "none", src: `/sound/finished?name=${encodeURIComponent(one.name)}`, "aria-label": one.name }) : null,
      one.proof.length ? proofTable(one.proof) : h("p", { className: "soft" }, "It has no proof of its own."))))
  }

  const ended = () => JSON.stringify(store.state.tasks.filter(task => task.kind === "assemble").map(task => [task.ended, task.made.length]))
  let before = ended()
  const end = watch(what => {
    if (what === "book") showBook()
    if (what === "state") {
      showState()
      if (ended() !== before) {
        before = ended()
        showFiles()
      }
    }
  })
  showBook()
  return end
}

const pair = (name, text) => h("div", {}, h("dt", {}, name), h("dd", {}, text))
const unmade = one => (one.states.new ?? 0) + (one.states.stale ?? 0) + (one.states.failed ?? 0) > 0

function legend() {
  return h("ul", { className: "legend", "aria-label": "States of lines" }, Object.entries(STATES).map(([name, sign]) => h("li", {}, h("span", { className: `sign ${name}`, "aria-hidden": "true" }, sign), ` ${name}`)))
}

function proofTable(rows) {
  return h("div", { className: "wide", tabIndex: 0, role: "region", "aria-label": "Proof" }, h("table", {},
    h("thead", {}, h("tr", {}, ["", "what", "meant", "found"].map(text => h("th", { scope: "col" }, text || "proved")))),
    h("tbody", {}, rows.map(row => h("tr", {}, h("td", {}, row.ok ? "✓ yes" : row.binding ? "✕ no" : "! note"), h("td", {}, row.what), h("td", {}, row.expected.slice(0, 120)), h("td", {}, row.found.slice(0, 120)))))))
}
