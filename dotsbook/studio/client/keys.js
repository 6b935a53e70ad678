// The keys, and the page that shows them.
import { button, byId, fill, h } from "./dom.js"

const KEYS = [
  ["play", [" "], "space", "play, stop"],
  ["back", ["ArrowLeft"], "←", "back three seconds"],
  ["on", ["ArrowRight"], "→", "on three seconds"],
  ["next", ["j", "ArrowDown"], "j ↓", "next line"],
  ["previous", ["k", "ArrowUp"], "k ↑", "line before"],
  ["doubt", ["n"], "n", "next doubtful line"],
  ["doubtBack", ["p"], "p", "doubtful line before"],
  ["mark", ["m"], "m", "mark the line just heard, without stopping"],
  ["category1", ["1"], "1", "… as misread"],
  ["category2", ["2"], "2", "… as missing words"],
  ["category3", ["3"], "3", "… as extra words"],
  ["category4", ["4"], "4", "… for its pace"],
  ["category5", ["5"], "5", "… for its tone"],
  ["category6", ["6"], "6", "… for noise"],
  ["retake", ["r"], "r", "ask for another take"],
  ["take", ["t"], "t", "takes of the line; the next take"],
  ["compare", ["b"], "b", "A/B: the other take"],
  ["accept", ["a"], "a", "accept"],
  ["reject", ["x"], "x", "reject: a note and another take"],
  ["edit", ["e"], "e", "edit what is spoken"],
  ["lexicon", ["l"], "l", "the words"],
  ["cast", ["c"], "c", "the cast"],
  ["direct", ["d"], "d", "direct the line"],
  ["undo", ["u"], "u", "take back what you did last"],
  ["slower", ["["], "[", "slower"],
  ["faster", ["]"], "]", "faster"],
  ["help", ["?"], "?", "these keys"],
]

const BY_KEY = new Map(KEYS.flatMap(([name, keys]) => keys.map(key => [key, name])))
export const keyOf = key => BY_KEY.get(key)

export function showHelp() {
  const dialog = byId("help")
  fill(dialog,
    h("h2", { id: "help-title" }, "Keys"),
    h("dl", { className: "keys" }, KEYS.flatMap(([, , sign, does]) => [h("dt", {}, h("kbd", {}, sign)), h("dd", {}, does)])),
    h("p", {}, "In the cast, 1 to 9 say who speaks the chosen line."),
    h("p", {}, button("Close", () => dialog.close())))
  dialog.showModal()
}
