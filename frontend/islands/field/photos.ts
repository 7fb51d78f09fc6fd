// Photos and places: shrunk on the phone, with hash, time and position as the device gives them.

import { localMoment, type Photo, type Place, uuid7 } from './records'
import { type FieldWord } from './words'

const LONG_SIDE = 1600 // pixels
const QUALITY = 0.82
const FRESH = 60_000 // milliseconds that a position stands for

export class NotAPhoto extends Error {}

export interface Taken {
  photo: Photo
  bytes: ArrayBuffer
}

/** A picture as JPEG with at most 1600 pixels a side, without what the camera wrote into the file. Throws NotAPhoto. */
export async function shrunk(file: Blob): Promise<Blob> {
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(() => {
    throw new NotAPhoto()
  })
  const scale = Math.min(1, LONG_SIDE / Math.max(bitmap.width, bitmap.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(bitmap.width * scale))
  canvas.height = Math.max(1, Math.round(bitmap.height * scale))
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  bitmap.close()
  return asBlob(canvas, 'image/jpeg')
}

export function asBlob(canvas: HTMLCanvasElement, type: string): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new NotAPhoto())), type, QUALITY)
  })
}

/** What is recorded of a picture, and its bytes. */
export async function taken(question: string, blob: Blob, place: Place | null): Promise<Taken> {
  const bytes = await blob.arrayBuffer()
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  const sha256 = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  const [id, ending] = [uuid7(), blob.type === 'image/png' ? 'png' : blob.type === 'application/pdf' ? 'pdf' : 'jpg']
  const name = `${question}-${id.slice(-6)}.${ending}`
  return { bytes, photo: { id, name, type: blob.type, sha256, size: bytes.byteLength, taken_at: localMoment(), ...place } }
}

/** Where the device is; asked once a minute at most. */
export class Whereabouts {
  private found: { place: Place; at: number } | null = null
  private waiting: Promise<Place | FieldWord> | null = null

  /** The place, or the word for why there is none. */
  async now(): Promise<Place | FieldWord> {
    if (this.found && Date.now() - this.found.at < FRESH) return this.found.place
    this.waiting ??= this.asked().finally(() => (this.waiting = null))
    return this.waiting
  }

  /** The place if it comes in time: a photo never waits long for it. */
  async soon(milliseconds: number): Promise<Place | null> {
    const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), milliseconds))
    const answer = await Promise.race([this.now(), late])
    return typeof answer === 'string' ? null : answer
  }

  private asked(): Promise<Place | FieldWord> {
    if (!('geolocation' in navigator)) return Promise.resolve('placeNone')
    return new Promise((resolve) => {
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          const place = { lat: rounded(coords.latitude, 6), lon: rounded(coords.longitude, 6), accuracy: rounded(coords.accuracy, 1) }
          this.found = { place, at: Date.now() }
          resolve(place)
        },
        (error) => resolve(error.code === error.PERMISSION_DENIED ? 'placeDenied' : 'placeSlow'),
        { enableHighAccuracy: true, timeout: 15_000, maximumAge: FRESH },
      )
    })
  }
}

function rounded(value: number, places: number): number {
  return Number(value.toFixed(places))
}
