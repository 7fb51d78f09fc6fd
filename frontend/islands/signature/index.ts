// A pad to sign on: what is drawn goes into the hidden field beside it as a PNG. A photo of a signature on paper may be
// uploaded instead, also without script.

import type { Mount } from '../../shared/island'

export const mount: Mount<unknown> = (element) => {
  const canvas = element.querySelector('canvas')
  const field = element.querySelector<HTMLInputElement>('input[type=hidden]')
  const pen = canvas?.getContext('2d')
  if (!canvas || !field || !pen) throw new Error('no pad')
  pen.lineWidth = 4
  pen.lineCap = 'round'
  pen.lineJoin = 'round'
  wipe(canvas, pen)
  follow(canvas, pen, () => (field.value = canvas.toDataURL('image/png')))
  element.querySelector('button')?.addEventListener('click', () => {
    wipe(canvas, pen)
    field.value = ''
  })
}

/** White, also in dark mode: what is signed is printed on paper. */
function wipe(canvas: HTMLCanvasElement, pen: CanvasRenderingContext2D): void {
  pen.fillStyle = '#fff'
  pen.fillRect(0, 0, canvas.width, canvas.height)
  pen.strokeStyle = '#111'
}

function follow(canvas: HTMLCanvasElement, pen: CanvasRenderingContext2D, drawn: () => void): void {
  let isDown = false
  const at = (event: PointerEvent): [number, number] => {
    const box = canvas.getBoundingClientRect()
    return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height]
  }
  canvas.addEventListener('pointerdown', (event) => {
    isDown = true
    canvas.setPointerCapture(event.pointerId)
    pen.beginPath()
    pen.moveTo(...at(event))
  })
  canvas.addEventListener('pointermove', (event) => {
    if (!isDown) return
    pen.lineTo(...at(event))
    pen.stroke()
  })
  for (const name of ['pointerup', 'pointercancel'] as const) {
    canvas.addEventListener(name, () => {
      if (isDown) drawn()
      isDown = false
    })
  }
}
