// Hands what the microphone hears on to the page, a tenth of a second at a time.
class Recorder extends AudioWorkletProcessor {
  constructor() {
    super()
    this.block = new Float32Array(Math.round(sampleRate / 10))
    this.filled = 0
  }

  process([input]) {
    for (const sample of input[0] ?? []) {
      this.block[this.filled] = sample
      this.filled += 1
      if (this.filled === this.block.length) {
        this.port.postMessage(this.block.slice())
        this.filled = 0
      }
    }
    return true
  }
}

registerProcessor("recorder", Recorder)
