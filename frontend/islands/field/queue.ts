// The way out: a finished check is frozen, waits, and is sent once, whatever happens on the way. Its number is made here
// and is the key of the request, so an attempt whose answer was lost is simply made again.

import { type App, withoutPhotos } from './app'
import { type Draft, type Fault, type Item, localMoment, type Photo, uuid7 } from './records'
import type { Answer, Receipt } from './server'
import type { Sheet } from './sheet'

const FIRST_WAIT = 5_000
const LONGEST_WAIT = 600_000
const DRAWN = 'image/png' // signatures, a few kB each; what a camera took is a JPEG
const MOST_DRAWN = 64_000 // bytes of one that goes with the answers
const REMEMBERED = 50 // sent ones that the list still shows, without content

/** Freeze a filled-in draft and put it into the queue, in one write. False: the device is full, it stays a draft. */
export async function finish(app: App, draft: Draft, sheet: Sheet): Promise<boolean> {
  const ended_at = localMoment()
  const known = { start: draft.started_at, end: ended_at, deviceid: deviceName(), username: app.name }
  const answers = sheet.answers(known)
  const used = new Set(namesIn(answers))
  const photos = draft.photos.filter((photo) => used.has(photo.name))
  const clock = app.server.clock === null ? null : app.server.clock / 1000
  const body = JSON.stringify({
    answers, totals: sheet.totals, device: known.deviceid, assignment: draft.assignment?.key ?? '',
    started_at: draft.started_at, ended_at, clock, place: draft.place ?? {},
    photos: Object.fromEntries(photos.map((photo) => [photo.name, circumstances(photo)])),
  })
  const item: Item = {
    id: draft.id, draft, assignment: draft.assignment?.key ?? '', body, photos, clock, ended_at, started_at: draft.started_at,
    form: { id: draft.form.id, title: draft.form.title, version: draft.form.version },
    title: draft.assignment?.title || draft.form.title, score: sheet.score?.percent ?? '', state: 'waiting',
    attempts: 0, next_at: 0, fault: null, accepted: null, missing: null, sent_at: '',
  }
  const unused = withoutPhotos(draft.photos.filter((photo) => !used.has(photo.name)))
  const isKept = await app.save(
    { store: 'queue', id: item.id, value: item }, { store: 'drafts', id: draft.id, value: null }, ...unused,
  )
  if (isKept) app.changed()
  return isKept
}

/** Send what waits and is due (isUrgent: or not yet), one after another; another tab that already does so goes on alone. */
export async function send(app: App, isUrgent = false): Promise<void> {
  await navigator.locks.request(lockOf(app), { ifAvailable: true }, async (lock) => {
    if (!lock) return
    const due = (await app.items()).filter((item) => item.state === 'waiting' && (isUrgent || item.next_at <= Date.now()))
    if (!due.length || !(await app.check())) return
    for (const item of due) {
      if (!(await sendOne(app, item))) break
      app.changed()
    }
    await forgetOldest(app)
  })
  app.changed()
}

function lockOf(app: App): string {
  return `shian-field-send-${app.vault.user}`
}

/** True when the next one may be tried. Answers go first, with the signatures; photos follow one by one. */
async function sendOne(app: App, item: Item): Promise<boolean> {
  let answer: Answer<Receipt> = item.missing === null ? await post(app, item, await drawn(app, item)) : at(item)
  for (let left = item.photos.length + 1; answer.kind === 'ok'; left--) {
    Object.assign(item, { accepted: answer.data.submission, missing: answer.data.missing, score: answer.data.score ?? item.score })
    const name = answer.data.missing[0]
    if (name === undefined) return settle(app, item)
    await put(app, { ...item, fault: null })
    const photo = item.photos.find((each) => each.name === name)
    const file = photo && (await fileOf(app, photo))
    if (!file || left < 1) return refuse(app, item, { status: 0, reason: name })
    answer = await post(app, item, [file])
  }
  if (answer.kind === 'refused') return refuse(app, item, answer.fault)
  const attempts = item.attempts + 1
  const wait = Math.min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT) * (0.8 + 0.4 * Math.random())
  await put(app, { ...item, attempts, next_at: Date.now() + wait, fault: answer.kind === 'later' ? answer.fault : null })
  return answer.kind === 'later' && answer.fault.status !== 429
}

async function drawn(app: App, item: Item): Promise<File[]> {
  const small = item.photos.filter((each) => each.type === DRAWN && each.size <= MOST_DRAWN)
  const files = await Promise.all(small.map((each) => fileOf(app, each)))
  return files.filter((each) => each !== null)
}

async function fileOf(app: App, photo: Photo): Promise<File | null> {
  const bytes = await app.vault.bytes('photos', photo.id)
  return bytes ? new File([bytes], photo.name, { type: photo.type }) : null
}

/** What the server said last time: only photos are to follow. */
function at(item: Item): Answer<Receipt> {
  return { kind: 'ok', data: { submission: item.accepted ?? 0, missing: item.missing ?? [], score: item.score || null } }
}

/** A token that is out of date, because the user signed in anew in another tab, is asked for once more. */
async function post(app: App, item: Item, files: File[], isLast = false): Promise<Answer<Receipt>> {
  const form = new FormData()
  form.set('answers', item.body)
  form.set('sent_at', localMoment())
  for (const file of files) form.append('file', file)
  const answer = await app.server.post(item.form.id, item.id, form, app.session?.token ?? '')
  const isTokenOld = answer.kind === 'refused' && answer.fault.status === 403 && !isLast
  return isTokenOld && (await app.check()) ? post(app, item, files, true) : answer
}

/** The server has it whole. A device without room for the note lets go of it all the same, which makes room. */
async function settle(app: App, item: Item): Promise<boolean> {
  const sent: Item = { ...item, draft: null, body: '', photos: [], state: 'sent', fault: null, sent_at: localMoment() }
  const isNoted = await put(app, sent, item.photos)
  if (!isNoted) await app.vault.write({ store: 'queue', id: item.id, value: null }, ...withoutPhotos(item.photos))
  return true
}

async function refuse(app: App, item: Item, fault: Fault): Promise<boolean> {
  await put(app, { ...item, state: 'refused', fault })
  return true
}

async function put(app: App, item: Item, gone: Photo[] = []): Promise<boolean> {
  return app.save({ store: 'queue', id: item.id, value: item }, ...withoutPhotos(gone))
}

async function forgetOldest(app: App): Promise<void> {
  const sent = (await app.items()).filter((item) => item.state === 'sent')
  const old = sent.slice(0, Math.max(0, sent.length - REMEMBERED))
  if (old.length) await app.save(...old.map(({ id }) => ({ store: 'queue' as const, id, value: null })))
}

/** Now, whatever the wait was; also one that was refused. */
export async function sendAgain(app: App, ids: string[]): Promise<void> {
  await whileNothingIsSent(app, ids, (item) => put(app, { ...item, state: 'waiting', next_at: 0, fault: null }))
  await send(app)
}

/** A draft once more. What the server already has under this number cannot change: then it becomes a new one. */
export async function reopen(app: App, id: string): Promise<Draft | null> {
  let reopened: Draft | null = null
  await whileNothingIsSent(app, [id], async (item) => {
    if (!item.draft) return
    const isTaken = item.accepted !== null || item.fault?.status === 409
    const draft = { ...item.draft, id: isTaken ? uuid7() : id, photos: item.photos }
    const isKept = await app.save({ store: 'drafts', id: draft.id, value: draft }, { store: 'queue', id, value: null })
    if (isKept) reopened = draft
  })
  return reopened
}

export async function discard(app: App, id: string): Promise<void> {
  await whileNothingIsSent(app, [id], async (item) => {
    await app.vault.write({ store: 'queue', id, value: null }, ...withoutPhotos(item.photos))
  })
}

/** Items as they are now, those that were sent meanwhile left out. */
async function whileNothingIsSent(app: App, ids: string[], change: (item: Item) => Promise<unknown>): Promise<void> {
  await navigator.locks.request(lockOf(app), async () => {
    for (const item of await app.items()) if (ids.includes(item.id) && item.state !== 'sent') await change(item)
  })
  app.changed()
}

/** Milliseconds until something is due; null when nothing waits. */
export function nextDue(items: Item[]): number | null {
  const waits = items.filter((item) => item.state === 'waiting').map((item) => item.next_at - Date.now())
  return waits.length ? Math.max(0, Math.min(...waits)) : null
}

function circumstances({ sha256, taken_at, lat, lon, accuracy }: Photo): Partial<Photo> {
  return lat === undefined ? { sha256, taken_at } : { sha256, taken_at, lat, lon, accuracy } as Partial<Photo>
}

/** Every text in the answers: names of photos are among them. */
export function* namesIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value
  else if (value && typeof value === 'object') for (const inner of Object.values(value)) yield* namesIn(inner)
}

function deviceName(): string {
  const { userAgent } = navigator
  return /\(([^)]*)\)/.exec(userAgent)?.[1]?.slice(0, 100) ?? userAgent.slice(0, 100)
}
