// Chapters signed in two passes, open notes, and what goes out to other readers and comes back.
import { ask, tried, wish } from "../api.js"
import { button, fill, h, when } from "../dom.js"
import { store, watch } from "../store.js"

export const title = "Review"
const PASSES = ["accuracy", "performance"]

export function show(main) {
  const chapters = h("div")
  const notes = h("div")
  fill(main, h("h1", {}, "Review"),
    h("p", { className: "soft" }, "Two passes: whether the words are right, and how they are spoken. Another take of a line ends its chapter's signatures."),
    chapters, h("h2", {}, "Open notes"), notes)

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

  load()
  let soon
  return watch(what => {
    if (what === "book") load()
    if (what === "lines") { clearTimeout(soon); soon = setTimeout(load, 500) }
  })
}
