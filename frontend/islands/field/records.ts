// What the field page keeps. Names of fields that go over the wire are the server's.

export interface Addresses {
  home: string
  worker: string
  scope?: string // of the worker, where it is more than the home
  session: string
  assignments: string
  list: string
  survey: string
  submission: string
  submissions: string
  login: string
  logout: string
  language: string
}

export type Values = Record<string, unknown>

export interface Assignment {
  key: string
  title: string
  form: string
  place: string
  note: string
  due_on: string
  lon: number | null
  lat: number | null
  answers: Values
  is_optional: boolean // nothing waits for it, but it may be done (again)
}

/** A version of a form, without its questions. */
export interface Form {
  id: number
  key: string
  title: string
  series: string
  version: string
  digest: string
  pass_mark: string
  is_withheld: boolean
  is_free: boolean
  lists: string[]
}

export interface Work {
  assignments: Assignment[]
  forms: Form[]
  lists: Record<string, [string, string][]>
  fetched_at: string
}

/** What a form without an assignment may choose from: key and label of the operators of the user's area, fetched once a
 * day. More than `most` are not taken along: `rows` is empty then. */
export interface Nearby {
  rows: [string, string][]
  count: number
  most: number
  day: string
}

/** The SurveyJS form of a version, as the server wrote it. */
export interface Survey {
  id: number
  digest: string
  survey: Values
}

export interface Place {
  lat: number
  lon: number
  accuracy?: number
}

/** A photo: its bytes lie under `id` in the store of photos, the answer holds `name`. Times by the device's clock. */
export interface Photo extends Partial<Place> {
  id: string
  name: string
  type: string
  sha256: string
  size: number
  taken_at: string
}

export interface Draft {
  id: string
  form: Form
  assignment: Assignment | null
  answers: Values
  photos: Photo[]
  place: Place | null
  started_at: string
  saved_at: string
  answered: number
  asked: number
}

export interface Fault {
  status: number
  reason: string
}

/** A finished check on its way. `body` is frozen when it is finished: every attempt sends the same. `missing`: photos
 * that the server still wants, null before it has the answers; `accepted` its number for them. */
export interface Item {
  id: string
  draft: Draft | null
  assignment: string
  form: Pick<Form, 'id' | 'title' | 'version'>
  title: string
  body: string
  photos: Photo[]
  started_at: string
  ended_at: string
  clock: number | null
  score: string
  state: 'waiting' | 'refused' | 'sent'
  attempts: number
  next_at: number
  fault: Fault | null
  accepted: number | null
  missing: string[] | null
  sent_at: string
}

/** RFC 9562, version 7: sorts by the time it was made. */
export function uuid7(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  let moment = Date.now()
  for (let at = 5; at >= 0; at--) {
    bytes[at] = moment % 256
    moment = Math.floor(moment / 256)
  }
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f)
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f)
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/** The device's time with its zone: 2026-11-22T08:30:00.000+08:00. */
export function localMoment(at = new Date()): string {
  const minutes = -at.getTimezoneOffset()
  const shifted = new Date(at.getTime() + minutes * 60_000).toISOString().slice(0, -1)
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
  return `${shifted}${minutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`
}

/** 11-22 08:30 of a moment as it was written. */
export function shortMoment(moment: string): string {
  return `${moment.slice(5, 10)} ${moment.slice(11, 16)}`
}
