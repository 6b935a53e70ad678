// Chapters signed in two passes, open notes, and what goes out to other readers and comes back.
import { ask, tried, wish } from "../api.js"
import { button, count, field, fill, h, keep, say, when } from "../dom.js"
import { store, watch } from "../store.js"

export const title = "Review"
const PASSES = ["accuracy", "performance"]

export function show(main) {
  const chapters = h("div")
  const notes = h("div")
  const choose = h("select", { id: "out-chapter" })
  const made = h("div", { "aria-live": "polite" })
  const file = h("input", { type: "file", id: "notes-in", accept: ".csv,.txt,.json" })
  const came = h("div", { id: "came", role: "status" })
  fill(main, h("h1", {}, "Review"),
    h("p", { className: "soft" }, "Two passes: whether the words are right, and how they are spoken. Another take of a line ends its chapter's signatures."),
    chapters, h("h2", {}, "Open notes"), notes,
    h("h2", {}, "To listeners and editors, and back"),
    h("p", { className: "row" }, field("chapter", choose),
      button("Make a reviewer's bundle", bundle, { id: "bundle" }),
      button("Correction sheet (CSV)", () => out("csv"), { id: "out-csv" }),
      button("Audacity labels", () => out("audacity"), { id: "out-audacity" }),
      button("Reaper markers", () => out("reaper"), { id: "out-reaper" })),
    h("p", { className: "soft" }, "A bundle is one file with the sound in it: it opens from disk, without this studio, and saves notes that come back here."),
    made,
    field("What came back", file, "a sheet, labels, markers, or a bundle's notes; times of one chapter's own file where a chapter is chosen"),
    came)

  const chapter = () => choose.value === "" ? null : Number(choose.value)

  function bundle() {
    const one = chapter()
    return tried(() => wish("assemble", { formats: ["review"], partial: true, chapters: one === null ? null : [one] }), "The bundle is being made.")
  }

  function out(form) {
    return tried(async () => {
      const told = await ask("notes-out", { form, chapter: chapter() })
      const link = h("a", { href: URL.createObjectURL(new Blob([told.text], { type: "text/plain" })), download: told.name })
      link.click()
      setTimeout(() => URL.revokeObjectURL(link.href), 10000)
      say(`${told.name}: ${count(told.count, "place")} to listen to.`)
    })
  }

  file.addEventListener("change", () => tried(async () => {
    const [chosen] = file.files
    if (!chosen) return
    const told = await wish("notes-in", { text: await chosen.text(), chapter: chapter() })
    fill(came, h("p", {}, `${count(told.added, "note")} added, ${told.known} known before, ${told.lost.length} without a place.`),
      told.lost.length ? h("ul", {}, told.lost.map(one => h("li", {}, one))) : null)
    file.value = ""
    load()
  }))

  let asked = 0
  async function showMade() {
    const task = store.state.tasks.find(one => one.kind === "assemble")
    const key = JSON.stringify([task?.state, task?.what, task?.ended])
    if (made.dataset.asked === key) return
    made.dataset.asked = key
    const mine = ++asked
    const { files } = await ask("files")
    if (mine !== asked) return
    const bundles = files.filter(one => one.name.endsWith(" review.html"))
    keep(made, JSON.stringify([bundles, task?.state, task?.what]), () => [
      task?.state === "running" ? h("p", {}, task.what) : null,
      task?.state === "failed" ? h("p", {}, task.said.at(-1)) : null,
      bundles.length ? h("ul", {}, bundles.map(one => h("li", {}, h("a", { href: `/sound/finished?name=${encodeURIComponent(one.name)}`, download: one.name }, one.name), ` ${(one.bytes / 1e6).toFixed(1)} MB, ${when(one.made)}`))) : null,
    ].filter(Boolean))
  }

  async function load() {
    await tried(async () => {
      const [{ chapters: signed }, { notes: open }] = await Promise.all([ask("signed"), ask("notes")])
      const titles = new Map(store.book?.chapters.map(one => [one.number, one]))
      fill(chapters, h("div", { className: "wide", role: "region", tabIndex: 0, "aria-label": "Signatures" }, h("table", {},
        h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "chapter"), PASSES.map(name => h("th", { scope: "col" }, name)))),
        h("tbody", {}, signed.map(one => h("tr", {}, h("th", { scope: "row" }, titles.get(one.number)?.title ?? String(one.number)),
          PASSES.map(name => h("td", {}, one.signed[name]
            ? [`✓ ${one.signed[name].by || "signed"}, ${when(one.signed[name].at)} `, button("take back", () => sign(one.number, name, true), { "aria-label": `Take back ${name} of chapter ${one.number}` })]
            : one.complete ? button("sign", () => sign(one.number, name, false), { "aria-label": `Sign chapter ${one.number} for ${name}` }) : "takes are missing"))))))))
      fill(notes, open.length ? h("ul", { className: "notes" }, open.map(note => h("li", {},
        note.line ? h("a", { href: `#/listen/${note.line}` }, note.line) : "a line that changed", ` ${note.category ? `${note.category}: ` : ""}${note.text} `,
        h("span", { className: "soft" }, `${note.by}, ${when(note.at)} `),
        button("done", () => tried(async () => { await wish("resolve", { note: note.id }); load() }), { "aria-label": `Note ${note.id} is dealt with` })))) : h("p", {}, "There is none."))
    })
  }

  async function sign(chapter, hearing, withdraw) {
    await tried(() => wish("sign", { chapter, hearing, withdraw }), withdraw ? "Taken back." : `Chapter ${chapter} is signed for ${hearing}.`)
    load()
  }

  const listChapters = () => fill(choose, h("option", { value: "" }, "the whole book"), (store.book?.chapters ?? []).filter(one => one.number > 0 && one.number < 9999).map(one => h("option", { value: one.number }, one.title)))

  listChapters()
  load()
  tried(showMade)
  let soon
  return watch(what => {
    if (what === "book") { listChapters(); load() }
    if (what === "state") tried(showMade)
    if (what === "lines") { clearTimeout(soon); soon = setTimeout(load, 500) }
  })
}
