// A take's waveform with what is doubted in it shaded and hatched, and where it is being heard.

export function drawWave(canvas, wave, line, at) {
  const pen = canvas.getContext("2d")
  const { width, height } = canvas
  const style = getComputedStyle(canvas)
  pen.clearRect(0, 0, width, height)
  const x = seconds => seconds / (wave.seconds || 1) * width
  for (const [, , begins, ends, , doubt] of line?.words ?? []) {
    if (doubt <= 0.5) continue
    pen.fillStyle = style.getPropertyValue("--doubt-band")
    pen.fillRect(x(begins), 0, Math.max(3, x(ends) - x(begins)), height)
    pen.strokeStyle = style.getPropertyValue("--doubt")
    pen.beginPath()
    for (let left = x(begins); left < x(ends); left += 6) {
      pen.moveTo(left, height)
      pen.lineTo(left + 6, height - 8)
    }
    pen.stroke()
  }
  pen.fillStyle = style.getPropertyValue("--wave")
  const step = width / Math.max(1, wave.peaks.length)
  const most = Math.max(0.05, ...wave.peaks)
  wave.peaks.forEach((peak, index) => {
    const tall = Math.max(1, peak / most * height)
    pen.fillRect(index * step, (height - tall) / 2, Math.max(1, step - 1), tall)
  })
  pen.fillStyle = style.getPropertyValue("--now")
  if (at) pen.fillRect(x(at) - 1, 0, 2, height)
}
