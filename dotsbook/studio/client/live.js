// What is new, as the server tells it. Where the connection breaks off, it is made again by itself.
import { sendKept } from "./api.js"
import { byId } from "./dom.js"
import { forgetLines, linesChanged, readBook, store, tell } from "./store.js"

let source
let epoch = 0

function shown(text) {
  if (byId("link").textContent !== text) byId("link").textContent = text
}

// A large book goes on as it was while it is read.
function readAgain({ reading }) {
  return typeof reading === "number" && `reading what changed, ${10 * Math.floor(10 * reading)} %; shown as it was`
}

async function took(state, greeting) {
  const anew = state.epoch !== epoch && !state.trouble
  store.state = { chapters: [], tasks: [], ...state }
  shown(state.trouble || readAgain(state) || (state.busy ? `at work since ${state.busy}` : ""))
  byId("link").classList.toggle("wrong", Boolean(state.trouble))
  if (anew || (greeting && !state.trouble)) {
    epoch = state.epoch
    forgetLines()
    try {
      await readBook()
    } catch (error) {
      shown(error.message)
      return
    }
    tell("lines", null)
  }
  tell("state")
}

export function connect() {
  if (source && source.readyState !== EventSource.CLOSED) return
  source = new EventSource("/events")
  source.addEventListener("hello", event => { took(JSON.parse(event.data), true); sendKept() })
  source.addEventListener("state", event => took(JSON.parse(event.data), false))
  source.addEventListener("lines", event => linesChanged(JSON.parse(event.data).lines))
  source.addEventListener("error", () => {
    shown("The studio is away.")
    if (source.readyState === EventSource.CLOSED) setTimeout(connect, 1000)
  })
}

// A browser allows few connections to one address: pages that aren't looked at give theirs back.
document.addEventListener("visibilitychange", () => {
  if (document.hidden) source?.close()
  else connect()
})
