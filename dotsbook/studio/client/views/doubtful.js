// The queue of doubtful lines, the worst first: why, heard with one line of run-in, decided by one hand.
import { ask, rejected, tried, wish } from "../api.js"
import { button, count, fill, h, say } from "../dom.js"
import { go, hearWithRunIn } from "../player.js"
import { line, store, watch } from "../store.js"
import { heardWords } from "../heard.js"

export const title = "Doubtful"

let queue = [], at = 0, card, place = null

export function show(main, _, { open }) {
  card = h("article", { className: "card", "aria-live": "polite" })
  fill(main, h("h1", {}, "Doubtful lines"),
    h("p", { className: "soft" }, "a accepts, r asks for another take, x rejects, e edits the words, n goes on."),
    card,
    h("p", { className: "row" },
      button("Hear", () => hear()), button("Accept", () => decide("accept")), button("Retake", () => decide("retake")), button("Reject", () => reject()),
      button("Takes", () => queue[at] && open("takes", queue[at].id)), button("Edit words", () => queue[at] && open("words", queue[at].id)),
      button("Before", () => step(-1)), button("Next", () => step(1))),
    h("p", {}, button("Accept all that nobody doubts", () => tried(async () => {
      const { lines } = await wish("accept-all")
      say(`${count(lines, "line")} accepted.`)
    }), { id: "accept-all" })))
  load()
  return watch((what, places) => {
    if (what === "book") load()
    if (what === "lines" && (places === null || places.includes(place))) draw()
  })
}

async function load() {
  await tried(async () => {
    queue = (await ask("doubtful")).lines
    at = 0
    await draw(true)
  })
}

async function draw(moves = false) {
  const one = queue[at]
  if (!one) {
    place = null
    fill(card, h("p", {}, "No line is doubted."))
    return
  }
  place = one.place
  const [told, story] = await Promise.all([line(one.place), ask("line", { line: one.id })])
  if (queue[at] !== one || !told) return
  const standing = story.takes.find(take => take.stands)
  fill(card,
    h("p", {}, h("strong", {}, `${at + 1} of ${queue.length}`), ` · ${one.id} · ${told.voice} · ${told.state}`),
    heardWords(story),
    h("ul", {}, (standing?.reasons ?? []).map(reason => h("li", {}, reason)),
      told.state === "failed" ? h("li", {}, "it has no take: rendering it failed") : null,
      story.notes.map(note => h("li", {}, `note${note.category ? `, ${note.category}` : ""}: ${note.text}`))))
  if (moves) await go(one.place)
}

async function hear() {
  if (queue[at]) await hearWithRunIn(queue[at].place)
}

export async function step(by) {
  if (!queue.length) return
  at = (at + by + queue.length) % queue.length
  await draw(true)
  await hear()
}

async function decide(what) {
  const one = queue[at]
  if (!one) return
  const told = await line(one.place)
  const fields = what === "accept" ? { lines: [one.id] } : { line: one.id, key: told.key }
  if (await tried(() => wish(what, fields), what === "accept" ? `${one.id} is accepted.` : `Another take of ${one.id} is asked for.`)) await decided()
}

async function reject() {
  const one = queue[at]
  if (one && await tried(async () => rejected(await line(one.place)), `${one.id} is rejected: another take is asked for.`)) await decided()
}

// What is decided leaves the queue, and the next is heard at once.
export async function decided() {
  queue.splice(at, 1)
  if (at >= queue.length) at = 0
  await draw(true)
  if (queue.length) await hear()
  else say("That was the last one.")
}
