// The book as this page knows it: its lines by place, kept as long as they are looked at, and told anew when they change.
import { ask } from "./api.js"

const STRETCH = 50 // lines that are asked for together
const KEPT = 60 // stretches that are kept

export const store = {
  book: null,
  state: { chapters: [], tasks: [] },
  lines: new Map(), // {place: line}
  byId: new Map(), // {id: place}
  stretches: new Map(), // {number: promise}, the one used last at the end
  listeners: new Set(),
}

export function watch(listener) {
  store.listeners.add(listener)
  return () => store.listeners.delete(listener)
}

export function tell(what, detail) {
  for (const listener of [...store.listeners]) listener(what, detail)
}

export const total = () => store.book?.lines ?? 0
export const STRETCH_LINES = STRETCH

export function stretch(number) {
  let asked = store.stretches.get(number)
  if (asked) store.stretches.delete(number)
  else asked = load(number)
  store.stretches.set(number, asked)
  for (const old of store.stretches.keys()) {
    if (store.stretches.size <= KEPT) break
    drop(old)
  }
  return asked
}

async function load(number) {
  try {
    const { lines } = await ask("lines", { first: number * STRETCH, count: STRETCH })
    lines.forEach((line, at) => {
      line.place = number * STRETCH + at
      store.lines.set(line.place, line)
      store.byId.set(line.id, line.place)
    })
    return lines
  } catch (error) {
    store.stretches.delete(number)
    throw error
  }
}

function drop(number) {
  store.stretches.delete(number)
  for (let place = number * STRETCH; place < (number + 1) * STRETCH; place += 1) {
    store.byId.delete(store.lines.get(place)?.id)
    store.lines.delete(place)
  }
}

export async function line(place) {
  if (place < 0 || place >= total()) return null
  if (!store.lines.has(place)) await stretch(Math.floor(place / STRETCH))
  return store.lines.get(place) ?? null
}

export async function placeOf(id) {
  const known = store.byId.get(id)
  return known === undefined ? (await ask("where", { line: id })).place : known
}

export function chapterAt(place) {
  return store.book?.chapters.find(one => place >= one.first && place < one.first + one.lines)
}

export async function readBook() {
  store.book = await ask("book")
  tell("book")
}

export function forgetLines() {
  store.lines.clear()
  store.byId.clear()
  store.stretches.clear()
}

// Lines that changed: what is shown of them is asked for anew.
const stale = new Set()
let soon
export function linesChanged(changed) {
  if (!changed) {
    forgetLines()
    tell("lines", null)
    return
  }
  for (const one of changed) {
    const known = store.lines.get(one.place)
    if (known) {
      Object.assign(known, { locked: false, notes: 0 }, one)
      stale.add(Math.floor(one.place / STRETCH))
    }
  }
  tell("lines", changed.map(one => one.place))
  clearTimeout(soon)
  soon = setTimeout(async () => {
    const numbers = [...stale]
    stale.clear()
    await Promise.allSettled(numbers.map(async number => {
      const fresh = load(number)
      store.stretches.set(number, fresh)
      const lines = await fresh
      tell("lines", lines.map(one => one.place))
    }))
  }, 150)
}
