// Questions to the server and wishes for it. A wish is kept in this browser until the server has taken it.
import { say } from "./dom.js"

const KEPT = "dotsbook-wishes"
const WAIT = 1000 // ms before a wish is tried again
const LASTING = new Set(["note", "resolve", "retake", "accept", "choose", "lock", "sign"])

export const who = () => localStorage.getItem("dotsbook-name") || "studio"

export class Refused extends Error {}
export class Away extends Error {}

const reach = (...asked) => fetch(...asked).catch(() => { throw new Away("The studio is away.") })

async function answered(response) {
  let told
  try {
    told = await response.json()
  } catch {
    throw new Refused(`The studio answered ${response.status}.`)
  }
  if (!response.ok) throw new Refused(told.error?.message ?? `The studio answered ${response.status}.`)
  return told
}

export async function ask(name, fields = {}) {
  const query = new URLSearchParams(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null))
  return answered(await reach(`/api/${name}?${query}`))
}

async function post(name, fields) {
  return answered(await reach(`/api/${name}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ by: who(), ...fields }),
  }))
}

// What a person wants. While the server is away, what is said of lines waits here and is sent when it is back.
export async function wish(name, fields = {}) {
  if (!LASTING.has(name)) return post(name, fields)
  const waiting = kept()
  const mine = { id: crypto.randomUUID(), name, fields: { by: who(), ...fields } }
  keepAll([...waiting, mine])
  return send(mine)
}

async function send(mine) {
  try {
    const told = await post(mine.name, mine.fields)
    forget(mine.id)
    return told
  } catch (error) {
    if (error instanceof Refused) {
      forget(mine.id)
      throw error
    }
    say("The studio is away; what you wanted is kept and sent when it is back.", true)
    return null
  }
}

export async function sendKept() {
  for (const mine of kept()) {
    try {
      await send(mine)
    } catch (error) {
      say(error.message, true)
    }
  }
}

setInterval(() => { if (kept().length) sendKept() }, 5 * WAIT)

export const kept = () => JSON.parse(localStorage.getItem(KEPT) || "[]")
const keepAll = list => localStorage.setItem(KEPT, JSON.stringify(list))
const forget = id => keepAll(kept().filter(one => one.id !== id))

// A take that is bad: said so, and another asked for.
export async function rejected(one) {
  await wish("note", { line: one.id, text: "rejected", category: "", at: null })
  await wish("retake", { line: one.id, key: one.key, why: "rejected" })
}

export async function sendSound(name, fields, blob) {
  const query = new URLSearchParams({ by: who(), ...fields })
  return answered(await reach(`/api/${name}?${query}`, {
    method: "POST", headers: { "Content-Type": "audio/wav" }, body: blob,
  }))
}

// What went wrong, as a sentence, where it is one of the things that may.
function told(error) {
  if (error instanceof Refused) return error.message
  if (error instanceof Away) return "The studio is away; try again when it is back."
  if (error.name === "NotAllowedError") return "Press it once more: the browser wants to be asked before it plays."
  if (error.name === "NotSupportedError") return "This sound can't be played."
  return ""
}

// Does something and says what went wrong; true if nothing did.
export async function tried(work, done) {
  try {
    await work()
    if (done) say(done)
    return true
  } catch (error) {
    const sentence = told(error)
    if (sentence) say(sentence, true)
    else if (error.name !== "AbortError") throw error // a fault of this page's
    return false
  }
}
