// A line with what was heard under its words, where that differs.
import { h } from "./dom.js"

export function heardWords(story) {
  if (!story.words.length) return h("p", { className: "line-text", lang: story.language, dir: "auto" }, story.text)
  const parts = []
  let at = 0
  for (const [start, end, , , heard, doubt] of [...story.words].sort((one, other) => one[0] - other[0])) {
    if (start < at) continue
    parts.push(story.text.slice(at, start))
    const written = story.text.slice(start, end)
    if (doubt > 0.5) parts.push(h("ruby", { className: "doubted" }, written || "…", h("rt", {}, heard ? `heard: ${heard}` : "not heard")))
    else parts.push(written)
    at = end
  }
  parts.push(story.text.slice(at))
  return h("p", { className: "line-text", lang: story.language, dir: "auto" }, parts)
}
