// A microphone with its level and its noise while it listens; what it heard as a WAV file.
import { button, fill, h, say } from "./dom.js"

const LOUD = -1, FAINT = -40, NOISY = -45 // dBFS: too loud, too faint, a room too noisy

export function recorder(done = () => {}) {
  let context, stream, blocks = [], rate = 48000, wav = null, floor = 0
  const meter = h("meter", { min: -60, max: 0, low: FAINT, high: -6, optimum: -18, value: -60, "aria-label": "Level" })
  const told = h("output", { className: "soft" })
  const listen = h("audio", { controls: true, hidden: true, "aria-label": "Your recording" })
  const start = button("Record", () => (context ? finish() : begin()))
  const node = h("div", { className: "recorder row" }, start, meter, told, listen)

  async function begin() {
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false, channelCount: 1 } })
    } catch (error) {
      say(`The microphone can't be used: ${error.message}.`, true)
      return
    }
    context = new AudioContext()
    rate = context.sampleRate
    blocks = []
    floor = 0
    await context.audioWorklet.addModule("/studio/recorder-worklet.js")
    const tap = new AudioWorkletNode(context, "recorder", { numberOfOutputs: 0 })
    tap.port.onmessage = event => heard(event.data)
    context.createMediaStreamSource(stream).connect(tap)
    start.textContent = "Stop recording"
  }

  let peak = 0, quiet = Infinity
  function heard(block) {
    blocks.push(block)
    let sum = 0
    for (const sample of block) {
      sum += sample * sample
      peak = Math.max(peak, Math.abs(sample))
    }
    const level = 10 * Math.log10(sum / block.length + 1e-12)
    quiet = Math.min(quiet, level)
    meter.value = Math.max(-60, level)
    floor = quiet
    const loudest = 20 * Math.log10(peak + 1e-6)
    told.textContent = loudest > LOUD ? "too loud: it clips" : loudest < FAINT ? "very faint" : floor > NOISY ? "the room is noisy" : "good"
  }

  async function finish() {
    for (const track of stream.getTracks()) track.stop()
    await context.close()
    context = null
    start.textContent = "Record again"
    wav = asWav(blocks, rate)
    peak = 0
    quiet = Infinity
    listen.src = URL.createObjectURL(wav)
    listen.hidden = false
    done(wav)
  }

  return { node, blob: () => wav, forget: () => { wav = null; listen.hidden = true; fill(told) } }
}

function asWav(blocks, rate) {
  const length = blocks.reduce((sum, block) => sum + block.length, 0)
  const data = new DataView(new ArrayBuffer(44 + length * 2))
  const text = (at, word) => [...word].forEach((sign, index) => data.setUint8(at + index, sign.charCodeAt(0)))
  text(0, "RIFF"); data.setUint32(4, 36 + length * 2, true); text(8, "WAVEfmt ")
  data.setUint32(16, 16, true); data.setUint16(20, 1, true); data.setUint16(22, 1, true)
  data.setUint32(24, rate, true); data.setUint32(28, rate * 2, true); data.setUint16(32, 2, true); data.setUint16(34, 16, true)
  text(36, "data"); data.setUint32(40, length * 2, true)
  let at = 44
  for (const block of blocks) {
    for (const sample of block) {
      data.setInt16(at, Math.round(Math.max(-1, Math.min(1, sample)) * 32767), true)
      at += 2
    }
  }
  return new Blob([data.buffer], { type: "audio/wav" })
}
