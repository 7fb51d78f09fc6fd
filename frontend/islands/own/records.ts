// What the phone of an operator's people keeps. Names of fields that go over the wire are the server's.

import type { App } from '../field/app'
import { type Addresses, type Item, localMoment, type Photo, uuid7, type Work } from '../field/records'

export type Answer = 'pass' | 'problem' | 'none'

export interface OwnAddresses extends Addresses {
  isDesk?: boolean // the desk of the portal: only what waits is told there
}

export interface DayItem {
  key: string
  process: string
  risk: string
  control: string
  is_decision: boolean
  due_on: string
}

export interface Business {
  id: number
  code: string
  name: string
  desk: string
  list_version: number | null
  items: DayItem[]
  recorded: string[]
  closed: [string, string][]
}

export interface OwnWork extends Work {
  businesses?: Business[]
  zone?: string
}

/** A day's check under way. Its items are those of the moment when it was begun. `form` and `photos` are what the frame
 * of the field page asks of any draft. */
export interface DayDraft {
  id: string
  form: { id: number }
  photos: Photo[]
  business: Business
  day: string
  answers: Record<string, Answer>
  notes: Record<string, string>
  measures: Record<string, string>
  saved_at: string
}

/** Days end where the server stands, by its clock. */
export function today(app: App): string {
  const timeZone = (app.work as OwnWork).zone ?? 'Asia/Shanghai'
  const now = new Date(Date.now() - (app.server.clock ?? 0))
  return new Intl.DateTimeFormat('sv-SE', { timeZone }).format(now)
}

export function businessesOf(app: App): Business[] {
  return (app.work as OwnWork).businesses ?? []
}

export async function draftOf(app: App, business: Business, day: string): Promise<DayDraft | undefined> {
  const drafts = await app.vault.all<DayDraft>('drafts')
  return drafts.find((each) => each.business?.id === business.id && each.day === day)
}

export async function beginDay(app: App, business: Business, day: string): Promise<DayDraft> {
  const known = await draftOf(app, business, day)
  if (known) return known
  const draft: DayDraft = {
    id: uuid7(), form: { id: business.id }, photos: [], business, day, answers: {}, notes: {}, measures: {}, saved_at: localMoment(),
  }
  await app.save({ store: 'drafts', id: draft.id, value: draft })
  return draft
}

/** What still wants an answer, or words for a problem. */
export function missing(draft: DayDraft): DayItem[] {
  return draft.business.items.filter(({ key, is_decision }) => {
    const answer = draft.answers[key]
    return !answer || (answer === 'problem' && !is_decision && !draft.notes[key]?.trim())
  })
}

/** Freeze the day and put it into the queue, in one write: every attempt sends the same. False: the device is full. */
export async function keepDay(app: App, draft: DayDraft): Promise<boolean> {
  const noted_at = localMoment()
  const { answers, notes, measures, day, business } = draft
  const shown = business.items.map((each) => each.key)
  const body = JSON.stringify({ day, answers, notes, measures, list_version: business.list_version, shown, noted_at })
  const item: Item = {
    id: draft.id, draft: draft as unknown as Item['draft'], assignment: day, form: { id: business.id, title: business.name, version: '' },
    title: business.name, body, photos: [], started_at: draft.saved_at, ended_at: noted_at, clock: app.server.clock, score: '',
    state: 'waiting', attempts: 0, next_at: 0, fault: null, accepted: null, missing: null, sent_at: '',
  }
  const isKept = await app.save({ store: 'queue', id: item.id, value: item }, { store: 'drafts', id: draft.id, value: null })
  if (isKept) app.changed()
  return isKept
}
