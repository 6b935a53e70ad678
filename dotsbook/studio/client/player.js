// Plays the book line by line. Two elements take turns, so that the next line is there when one ends.
import { byId, button, h, say } from "./dom.js"
import { ask } from "./api.js"
import { meantAmong } from "./marking.js"
import { chapterAt, line, store, tell, total, watch } from "./store.js"
import { drawWave } from "./wave.js"

const BEFORE = 0.03, AFTER = 0.12 // s kept around speech, as in the finished book
const SPEEDS = [0.75, 1, 1.25, 1.5, 1.75, 2, 2.5]

const sounds = [new Audio(), new Audio()]
let turn = 0
let ticket = 0 // of what is being played: an old one does nothing any more
let gap
const heard = [] // lately, the newest last: marking.js

export const player = {
  place: 0, line: null, playing: false, loop: false, wave: null,
  speed: Number(localStorage.getItem("dotsbook-speed")) || 1,
}

for (const sound of sounds) {
  sound.preservesPitch = true
  sound.preload = "auto"
}

export const source = key => `/sound/take?key=${encodeURIComponent(key)}`
const now = () => sounds[turn]
export const second = () => (player.line && now().dataset.key === player.line.sound ? now().currentTime : 0)

function ready(sound, key) {
  if (sound.dataset.key === key) return
  sound.dataset.key = key
  sound.src = source(key)
  sound.load()
}

// Goes to a line without playing it.
export async function go(place) {
  const one = await line(Math.max(0, Math.min(place, total() - 1)))
  if (!one) return
  player.place = one.place
  player.line = one
  history.replaceState(null, "", location.hash.startsWith("#/listen") ? `#/listen/${one.id}` : location.hash)
  tell("line")
  drawLine()
}

// Plays from a line on, from a second of its take if one is named; `last`: stops after that place.
export async function play(place = player.place, at = null, last = null) {
  const mine = ++ticket
  clearTimeout(gap)
  let one = await line(place)
  while (one && !one.sound && place < total() - 1 && (last === null || place < last)) {
    place += 1
    one = await line(place)
  }
  if (mine !== ticket || !one) return
  if (!one.sound) {
    stop()
    say("There is nothing to hear from here on yet.")
    return
  }
  const sound = sounds.find(each => each.dataset.key === one.sound) ?? sounds[1 - turn]
  for (const each of sounds) if (each !== sound) each.pause()
  turn = sounds.indexOf(sound)
  ready(sound, one.sound)
  sound.playbackRate = player.speed
  sound.currentTime = at ?? Math.max(0, one.begins - BEFORE)
  player.playing = true
  player.last = last
  await go(place)
  try {
    await sound.play()
  } catch (error) {
    if (mine !== ticket) return
    stop()
    say(error.name === "NotAllowedError" ? "Press play once: the browser wants to be asked." : "This take can't be played.", true)
    return
  }
  if (mine !== ticket) return
  entered(one.place)
  tell("playing")
  watchEnd(mine, one)
  const next = await line(place + 1)
  if (mine === ticket && next?.sound) ready(sounds[1 - turn], next.sound)
}

// One line of run-in, then the line: how a doubtful one is heard
export async function hearWithRunIn(place) {
  const before = await line(place - 1)
  const here = await line(place)
  const same = before?.sound && before.chapter === here?.chapter
  await play(same ? place - 1 : place, null, place)
}

function entered(place) {
  left()
  heard.push({ place, from: performance.now(), to: null, second: now().currentTime, speed: player.speed })
  if (heard.length > 50) heard.shift()
}

function left() {
  const last = heard.at(-1)
  if (last && last.to === null) last.to = performance.now()
}

function watchEnd(mine, one) {
  const sound = now()
  const look = () => {
    if (mine !== ticket) return
    tell("time")
    if (!sound.ended && sound.currentTime < one.ends + AFTER) {
      if (document.hidden) setTimeout(look, 30)
      else requestAnimationFrame(look)
      return
    }
    left()
    sound.pause()
    if (player.loop) {
      gap = setTimeout(() => play(one.place), 400)
    } else if (player.last !== null && one.place >= player.last) {
      stop()
      tell("ended")
    } else if (one.place >= total() - 1) {
      stop()
    } else {
      gap = setTimeout(() => play(one.place + 1, null, player.last), Math.max(0, one.gap - BEFORE - AFTER) * 1000 / player.speed)
    }
  }
  look()
}

export function stop() {
  ticket += 1
  clearTimeout(gap)
  left()
  for (const sound of sounds) sound.pause()
  player.playing = false
  tell("playing")
}

export function toggle() {
  if (player.playing) stop()
  else {
    const at = second()
    const inside = player.line && at > player.line.begins && at < player.line.ends
    play(player.place, inside ? at : null)
  }
}

export function skip(seconds) {
  const one = player.line
  if (!one) return
  const at = second() + seconds
  if (at < one.begins && player.place > 0) jumpInto(player.place - 1, at - one.begins)
  else if (at > one.ends) moveTo(player.place + 1)
  else if (player.playing) play(player.place, at)
  else { now().currentTime = at; tell("time") }
}

async function jumpInto(place, back) {
  const one = await line(place)
  const at = one?.sound ? Math.max(one.begins, one.ends + back) : null
  if (player.playing) play(place, at)
  else go(place)
}

export function moveTo(place) {
  const to = Math.max(0, Math.min(place, total() - 1))
  if (player.playing) play(to)
  else go(to)
}

export function faster(step) {
  const at = SPEEDS.findIndex(speed => speed >= player.speed)
  setSpeed(SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, at + step))])
}

export function setSpeed(speed) {
  player.speed = speed
  localStorage.setItem("dotsbook-speed", speed)
  for (const sound of sounds) sound.playbackRate = speed
  if (heard.at(-1)?.to === null) entered(player.place)
  tell("speed")
}

// The line that a person means who marks now, and where in its take. Who has stopped it first meant what they heard then.
export function meant() {
  const last = heard.at(-1)
  const found = last && (player.playing || last.place === player.place) && meantAmong(heard, player.playing ? performance.now() : last.to)
  return found || { place: player.place, second: second() || null }
}

// the bar

let parts
export function showPlayer() {
  const bar = byId("player")
  bar.hidden = false
  const wave = h("canvas", { id: "wave", width: 600, height: 64, "aria-hidden": "true" })
  parts = {
    play: button("Play", toggle, { id: "play" }),
    where: h("output", { id: "where" }),
    speed: h("select", { "aria-label": "Speed", id: "speed", onchange: event => setSpeed(Number(event.target.value)) },
      SPEEDS.map(speed => h("option", { value: speed }, `${speed}×`))),
    loop: h("input", { type: "checkbox", id: "loop", onchange: event => { player.loop = event.target.checked } }),
    wave,
  }
  wave.addEventListener("click", event => {
    const one = player.line
    if (!one?.sound) return
    const box = wave.getBoundingClientRect()
    play(player.place, (event.clientX - box.left) / box.width * player.wave.seconds)
  })
  bar.replaceChildren(
    parts.play,
    button("−3 s", () => skip(-3), { "aria-label": "Back three seconds" }),
    button("+3 s", () => skip(3), { "aria-label": "On three seconds" }),
    parts.speed,
    h("label", {}, parts.loop, " loop"),
    parts.wave,
    parts.where,
  )
  parts.speed.value = String(player.speed)
}

async function drawLine() {
  const one = player.line
  if (!parts || !one) return
  const chapter = chapterAt(one.place)
  parts.where.textContent = `${one.id} · ${chapter?.title ?? ""}${one.state ? ` · ${one.state}` : ""}${one.locked ? " · locked" : ""}`
  if (player.wave?.key === one.sound) return
  player.wave = { key: one.sound, seconds: one.ends + AFTER || 1, peaks: [] }
  if (!one.sound) return drawWave(parts.wave, player.wave, one, 0)
  try {
    const { peaks, seconds } = await ask("peaks", { key: one.sound })
    if (player.line === one || player.line?.sound === one.sound) player.wave = { key: one.sound, peaks, seconds }
  } catch {
    return // its sound can't be read: what is heard of it says so
  }
  drawWave(parts.wave, player.wave, player.line, second())
}

watch(what => {
  if (what === "time" && parts && player.wave) drawWave(parts.wave, player.wave, player.line, second())
  if (what === "playing" && parts) parts.play.textContent = player.playing ? "Pause" : "Play"
  if (what === "speed" && parts) parts.speed.value = String(player.speed)
  if (what === "lines" && player.line) {
    const fresh = store.lines.get(player.place)
    if (fresh) {
      player.line = fresh
      drawLine()
    } else line(player.place).then(one => { if (one) { player.line = one; drawLine() } }, () => {})
  }
})
