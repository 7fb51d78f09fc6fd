// Questions answered with a picture or a place.

import type { Question } from 'survey-core'

import { make } from '../../shared/element'
import { button, icon, picker, toast } from './pieces'
import { asBlob, NotAPhoto, shrunk, type Whereabouts } from './photos'
import { type Photo, type Place, shortMoment } from './records'
import { tell } from './words'

/** What these questions need of the check that they stand in. */
export interface Album {
  whereabouts: Whereabouts
  photo(name: string): Photo | undefined
  picture(photo: Photo): Promise<Blob | null>
  /** Keeps a picture and answers with its name; null when the device is full. */
  add(question: Question, blob: Blob): Promise<string | null>
}

const PATHS = 2.5 // pixels of the pen
const REST = 400 // milliseconds

/** A photo from camera or album, or a file. */
export function photographed(question: Question, album: Album): HTMLElement {
  const place = make('div', { class: 'sf-photos' })
  const isFile = question['kind'] === 'file'
  const choose = async (file: File) => {
    place.setAttribute('aria-busy', 'true')
    try {
      const name = await album.add(question, file.type === 'application/pdf' && isFile ? file : await shrunk(file))
      if (name) question.value = name
    } catch (error) {
      if (!(error instanceof NotAPhoto)) throw error
      toast(tell('cannotReadPhoto'))
    } finally {
      place.removeAttribute('aria-busy')
      void draw()
    }
  }
  const camera = picker(tell('photo'), 'camera', 'image/*', (file) => void choose(file), 'environment')
  const stored = picker(tell(isFile ? 'chooseFile' : 'album'), 'folder', isFile ? 'image/*,application/pdf' : 'image/*', (file) => void choose(file))
  const draw = async () => {
    const photo = album.photo(String(question.value ?? ''))
    const shown = photo ? await thumbnail(photo, album, () => void ((question.value = undefined), draw())) : null
    place.replaceChildren(...(shown ? [shown] : []), make('div', { class: 'sf-row' }, camera, stored))
  }
  void draw()
  return place
}

async function thumbnail(photo: Photo, album: Album, remove: () => void): Promise<HTMLElement> {
  const blob = await album.picture(photo)
  const told = [shortMoment(photo.taken_at), `${Math.ceil(photo.size / 1000)} kB`]
  if (photo.accuracy !== undefined) told.push(tell('accuracy', { n: Math.round(photo.accuracy) }))
  const picture = blob?.type.startsWith('image/') ? make('img', { alt: tell('photoOf'), width: 96, height: 96 }) : icon('folder')
  if (blob && picture instanceof HTMLImageElement) {
    picture.src = URL.createObjectURL(blob)
    picture.onload = () => URL.revokeObjectURL(picture.src)
  }
  const drop = button(tell('clear'), remove, { css: 'btn btn-quiet', picture: 'trash' })
  return make('div', { class: 'sf-photo' }, picture, make('p', { class: 'sh-help num' }, told.join(' · ')), drop)
}

/** A signature drawn with a finger: black on white in either theme. */
export function signed(question: Question, album: Album): HTMLElement {
  const canvas = make('canvas', { class: 'sf-sign', width: 640, height: 240, role: 'img', 'aria-label': question.title })
  const help = make('p', { class: 'sh-help' }, tell('sign'))
  const clear = button(tell('signAgain'), () => {
    blank(canvas)
    question.value = undefined
  }, { css: 'btn btn-quiet', picture: 'edit' })
  blank(canvas)
  const former = album.photo(String(question.value ?? ''))
  if (former) void album.picture(former).then((blob) => blob && restore(canvas, blob))
  drawn(canvas, async () => {
    const name = await album.add(question, await asBlob(canvas, 'image/png'))
    if (name) question.value = name
  })
  return make('div', {}, canvas, make('div', { class: 'sf-row' }, help, clear))
}

function blank(canvas: HTMLCanvasElement): void {
  const pen = canvas.getContext('2d')
  if (!pen) return
  pen.fillStyle = '#fff'
  pen.fillRect(0, 0, canvas.width, canvas.height)
  Object.assign(pen, { strokeStyle: '#000', lineWidth: PATHS * 2, lineCap: 'round', lineJoin: 'round' })
}

async function restore(canvas: HTMLCanvasElement, blob: Blob): Promise<void> {
  canvas.getContext('2d')?.drawImage(await createImageBitmap(blob), 0, 0)
}

/** Lines under the pointer; `done` runs when the pen has rested for a moment. Until then the canvas is busy. */
function drawn(canvas: HTMLCanvasElement, done: () => Promise<void>): void {
  const pen = canvas.getContext('2d')
  let rest = 0
  const at = (event: PointerEvent): [number, number] => {
    const box = canvas.getBoundingClientRect()
    return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height]
  }
  canvas.addEventListener('pointerdown', (event) => {
    clearTimeout(rest)
    canvas.ariaBusy = 'true'
    canvas.setPointerCapture(event.pointerId)
    pen?.beginPath()
    pen?.moveTo(...at(event))
  })
  canvas.addEventListener('pointermove', (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return
    pen?.lineTo(...at(event))
    pen?.stroke()
  })
  for (const name of ['pointerup', 'pointercancel'] as const) {
    canvas.addEventListener(name, () => {
      clearTimeout(rest)
      rest = window.setTimeout(() => void done().finally(() => (canvas.ariaBusy = null)), REST)
    })
  }
}

/** Where the check takes place: by the device, or typed in where it finds nothing. */
export function placed(question: Question, album: Album): HTMLElement {
  const told = make('p', { class: 'num', role: 'status' })
  const show = () => {
    const place = question.value as Place | undefined
    const accuracy = place?.accuracy === undefined ? '' : ` · ${tell('accuracy', { n: Math.round(place.accuracy) })}`
    told.textContent = place ? `${place.lat.toFixed(6)}, ${place.lon.toFixed(6)}${accuracy}` : ''
  }
  const find = async () => {
    told.textContent = tell('takeLocation')
    const answer = await album.whereabouts.now()
    if (typeof answer !== 'string') question.value = answer
    show()
    if (typeof answer === 'string') told.textContent = tell('noPlace', { why: tell(answer) })
  }
  show()
  if (question.isEmpty()) void find()
  return make('div', {}, told, button(tell('getPlace'), () => void find(), { picture: 'map-pin' }), typed(question, show))
}

function typed(question: Question, show: () => void): HTMLElement {
  const fields = (['lat', 'lon'] as const).map((name) => {
    const label = tell(name === 'lat' ? 'latitude' : 'longitude')
    return make('input', { type: 'number', step: 'any', class: 'form-control', 'data-name': name, placeholder: label, 'aria-label': label })
  })
  const take = () => {
    const [lat, lon] = fields.map((field) => field.valueAsNumber)
    if (lat === undefined || lon === undefined || !(Math.abs(lat) <= 90) || !(Math.abs(lon) <= 180)) return
    question.value = { lat, lon }
    show()
  }
  fields.forEach((field) => field.addEventListener('change', take))
  return make('details', { class: 'sf-typed' }, make('summary', {}, tell('manualPlace')), make('div', { class: 'sf-row' }, ...fields))
}
