// All takes of a line, heard at one level and, unless told otherwise, blind.
import { ask, tried, wish } from "../api.js"
import { button, clock, fill, h, keep, say, when } from "../dom.js"
import { player, source } from "../player.js"
import { store, watch } from "../store.js"
import { heardWords } from "../heard.js"
import { drawWave } from "../wave.js"

export const title = "Takes"

let story, order = [], at = 0, sound, box, blind, past, id

export function show(main, wanted, { open }) {
  id = wanted || player.line?.id || store.lines.get(player.place)?.id || ""
  sound = new Audio()
  blind = h("input", { type: "checkbox", id: "blind", checked: true, onchange: () => draw() })
  box = h("div")
  const head = h("div", { id: "line-head" })
  past = h("ol", { id: "history" })
  fill(main, h("h1", {}, "Takes"), head,
    h("p", { className: "row" }, h("label", {}, blind, " blind"),
      button("Compare (b)", () => compare()), button("Next take (t)", () => nextTake()),
      button("Another take (r)", () => tried(async () => {
        await wish("retake", { line: id, key: story.key })
        if (!store.state.busy) await wish("render", { chapters: [Number(id.split(".")[0]) || 0].filter(Boolean) })
      }, "Another take is asked for.")),
      button("Record it yourself", () => open("punch", id)),
      button("Undo (u)", () => tried(async () => { const { undone } = await wish("undo"); say(undone ? `Taken back: ${undone}.` : "There is nothing to take back.") }))),
    box, h("details", {}, h("summary", {}, "History"), past))
  load(head)
  const end = watch((what, places) => {
    if ((what === "lines" && (places === null || places.includes(store.byId.get(id)))) || what === "book") load(head)
    if (what === "line" && !wanted && player.line && player.line.id !== id) { id = player.line.id; load(head) }
  })
  return () => { end(); sound.pause() }
}

async function load(head) {
  if (!id) { fill(head, h("p", {}, "Choose a line first.")); return }
  await tried(async () => {
    const fresh = await ask("line", { line: id })
    const standing = fresh.takes.find(take => take.stands)
    fresh.key = standing?.key ?? store.lines.get(store.byId.get(id))?.key
    const known = new Set(order)
    story = fresh
    order = [...order.filter(key => fresh.takes.some(take => take.key === key)), ...shuffled(fresh.takes.map(take => take.key).filter(key => !known.has(key)))]
    fill(head, h("p", { className: "soft" }, `${story.id} · ${story.voice}${story.locked ? " · locked" : ""}${story.approved ? " · accepted" : ""}`), heardWords(story),
      story.spoken !== story.text ? h("p", { className: "soft" }, `spoken: ${story.spoken}`) : null)
    fill(past, story.history.map(one => h("li", {}, `${when(one.at)} ${one.by || "somebody"}: ${one.what} ${one.detail}`)))
    draw()
  })
}

function shuffled(list) {
  const found = [...list]
  for (let last = found.length - 1; last > 0; last -= 1) {
    const other = Math.floor(Math.random() * (last + 1));
    [found[last], found[other]] = [found[other], found[last]]
  }
  return found
}

const letter = index => String.fromCharCode(65 + index % 26)

function draw() {
  if (!story) return
  const takes = order.map(key => story.takes.find(take => take.key === key)).filter(Boolean)
  keep(box, JSON.stringify([takes, blind.checked, at]), () => takes.length
    ? [h("ol", { className: "takes" }, takes.map((take, index) => {
      const wave = h("canvas", { width: 480, height: 48, "aria-hidden": "true" })
      if (!blind.checked) ask("peaks", { key: take.key }).then(told => drawWave(wave, told, take.stands ? story : null, 0), () => {})
      return h("li", { "aria-current": index === at ? "true" : null },
        h("h2", {}, `Take ${letter(index)}`),
        blind.checked ? null : h("p", { className: "soft" },
          `${take.recorded ? "recorded" : take.edited ? "edited" : take.retake ? `retake ${take.retake}` : "first"} · ${when(take.made)} · ${clock(take.seconds)} · ${take.loudness} LUFS · ${take.attempts} tried${take.stands ? " · stands" : ""}${take.chosen ? " (chosen)" : ""}`),
        blind.checked ? null : wave,
        blind.checked ? null : h("ul", {}, take.reasons.map(reason => h("li", {}, reason))),
        h("p", { className: "row" },
          button(`Hear ${letter(index)}`, () => hear(index), { data: { name: `hear${index}` } }),
          button(`Use ${letter(index)}`, () => tried(() => wish("choose", { line: id, key: take.key }), `Take ${letter(index)} stands.`), { data: { name: `use${index}` } })))
    })), h("p", {}, button("Use the newest again", () => tried(() => wish("choose", { line: id, key: null }), "The newest stands.")))]
    : h("p", {}, "There is no take yet."))
}

// The louder takes are played softer, so that none wins by its level.
export function hear(index) {
  const take = story?.takes.find(one => one.key === order[index])
  if (!take) return
  at = index
  const quietest = Math.min(...story.takes.map(one => one.loudness))
  sound.volume = Math.min(1, 10 ** ((quietest - take.loudness) / 20))
  sound.src = source(take.key)
  sound.play().catch(() => say("Press Hear once: the browser wants to be asked.", true))
  say(`Take ${letter(index)}`)
  draw()
}

export function nextTake() {
  if (order.length) hear((at + 1) % order.length)
}

export function compare() {
  if (order.length > 1) hear(at === order.length - 1 ? order.length - 2 : order.length - 1)
  else say("There is only one take: r asks for another.")
}
