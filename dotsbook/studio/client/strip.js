// A chapter as a strip of the states of its lines; each state has a colour, a pattern and a word.
import { count, h } from "./dom.js"

export const STATES = { new: "○", stale: "↻", failed: "✕", made: "●", doubtful: "?", accepted: "✓" }

export const told = chapter => `${count(chapter.lines, "line")}: ${Object.entries(chapter.states).map(([state, number]) => `${number.toLocaleString("en")} ${state}`).join(", ")}`

export function strip(chapter) {
  return h("div", { className: "strip", role: "img", "aria-label": told(chapter) },
    Object.keys(STATES).filter(state => chapter.states[state]).map(state => h("span", { className: state, style: { flexGrow: String(chapter.states[state]) } }, STATES[state])))
}
