// A line recorded by the person at the page; it is checked, levelled, and kept as a take that stands.
import { ask, sendSound, tried } from "../api.js"
import { button, fill, h, say } from "../dom.js"
import { player } from "../player.js"
import { recorder } from "../recorder.js"

export const title = "Record a line"

export function show(main, wanted, { open }) {
  const id = wanted || player.line?.id || ""
  const text = h("div")
  const told = h("p", { role: "status" })
  const keep = button("Keep it as a take", () => tried(async () => {
    const done = await sendSound("punch-in", { line: id }, record.blob())
    told.textContent = `Kept, ${done.seconds} s. ${done.healthy ? "Nothing is wrong with it." : done.reasons.join("; ")}`
    say("It stands for its line.")
  }), { disabled: true, id: "keep-recording" })
  const record = recorder(() => { keep.disabled = false })
  fill(main, h("h1", {}, `Record line ${id}`), text,
    h("p", { className: "soft" }, "Read the line in one go, a hand's breadth from the microphone, in a quiet room. While you record, level and noise are watched; what you keep is checked like any take, brought to the level of the line's voice, and stands for the line."),
    record.node, h("p", { className: "row" }, keep, button("Its takes", () => open("takes", id))), told)
  tried(async () => {
    const story = await ask("line", { line: id })
    fill(text, h("p", { className: "line-text", lang: story.language, dir: "auto" }, story.spoken))
  })
  return () => {}
}
