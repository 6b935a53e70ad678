// Elements made in one line. Text is always text: nothing a book says is ever read as markup.

export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value)
    else if (name === "style") Object.assign(node.style, value)
    else if (name === "data") Object.assign(node.dataset, value)
    else if (name in node && !["list", "form"].includes(name) && !name.startsWith("aria")) node[name] = value
    else node.setAttribute(name, value === true ? "" : value)
  }
  node.append(...children.flat().filter(child => child !== null && child !== undefined && child !== false))
  return node
}

export const byId = id => document.getElementById(id)

export function button(text, does, props = {}) {
  return h("button", { type: "button", onclick: does, ...props }, text)
}

export function field(label, input, hint) {
  const id = input.id || `f${Math.random().toString(36).slice(2, 9)}`
  input.id = id
  return h("p", { className: "field" }, h("label", { htmlFor: id }, label), input, hint && h("small", {}, hint))
}

export function fill(node, ...children) {
  node.replaceChildren(...children.flat().filter(child => child !== null && child !== undefined && child !== false))
  return node
}

// Brings a list up to date without touching what stays the same, so that the focus stays where it is.
export function keep(node, key, make) {
  if (node.dataset.told === key) return
  const had = node.contains(document.activeElement) ? document.activeElement.dataset.name : null
  node.dataset.told = key
  fill(node, make())
  if (had) node.querySelector(`[data-name="${CSS.escape(had)}"]`)?.focus()
}

export function clock(seconds) {
  if (seconds === null || seconds === undefined) return "–"
  const whole = Math.round(seconds)
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60]
  return hours ? `${hours} h ${String(minutes).padStart(2, "0")} min` : minutes ? `${minutes} min` : `${whole} s`
}

export const count = (number, what) => `${number.toLocaleString("en")} ${what}${number === 1 ? "" : "s"}`

export function when(unix) {
  return new Date(unix * 1000).toLocaleString([], { dateStyle: "short", timeStyle: "short" })
}

let hush
export function say(text, wrong = false) {
  const node = document.getElementById("said")
  clearTimeout(hush)
  node.textContent = text
  node.classList.toggle("wrong", wrong)
  hush = setTimeout(() => { node.textContent = "" }, wrong ? 15000 : 6000)
}
