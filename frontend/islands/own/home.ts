// Today of each business, and what waits to be sent.

import { ask } from '../../shared/ask'
import { make } from '../../shared/element'
import type { App } from '../field/app'
import { button, icon, notice } from '../field/pieces'
import { discard, reopen, sendAgain } from '../field/queue'
import { type Item, shortMoment } from '../field/records'
import { type Business, businessesOf, type DayDraft, draftOf, missing, today } from './records'
import { say } from './words'

export async function homePage(app: App): Promise<HTMLElement> {
  const [items, businesses] = [await app.items(), businessesOf(app)]
  const page = make('div', {}, make('h1', {}, say('title')))
  if (!businesses.length) page.append(notice('neutral', say('cannot'), say('cannotHelp')))
  for (const each of businesses) page.append(await todayCard(app, each, items))
  const unsent = items.filter((each) => each.state !== 'sent')
  const sent = items.filter((each) => each.state === 'sent').reverse()
  if (unsent.length) page.append(group(say('unsentTitle'), unsent.map((each) => waitingRow(app, each))))
  if (sent.length) page.append(group(say('sentTitle'), sent.map(sentRow)))
  return page
}

async function todayCard(app: App, business: Business, items: Item[]): Promise<HTMLElement> {
  const day = today(app)
  const card = make('section', { class: 'sf-card so-today' }, make('h2', {}, business.name), make('p', { class: 'sh-help num' }, day))
  const here = items.filter((each) => each.form.id === business.id && each.assignment === day && each.state !== 'refused')
  const isRecorded = business.recorded.includes(day) || here.some((each) => each.state === 'sent')
  if (isRecorded) card.append(told('circle-check', 'done', say('recorded')))
  else if (here[0]) card.append(told('clock', 'due', say('keptAt', { at: shortMoment(here[0].ended_at) })))
  else if (business.closed.some(([first, last]) => first <= day && day <= last)) card.append(told('info-circle', 'neutral', say('closed')))
  else if (business.list_version === null) card.append(notice('due', say('noList')))
  else card.append(await startButton(app, business, day))
  if (navigator.onLine) card.append(make('a', { class: 'so-desk', href: business.desk }, say('desk'), icon('chevron-right')))
  return card
}

async function startButton(app: App, business: Business, day: string): Promise<HTMLElement> {
  const draft = await draftOf(app, business, day)
  const count = draft ? ` ${draft.business.items.length - missing(draft).length}/${draft.business.items.length}` : ''
  return make('a', { class: 'btn btn-primary so-start', href: `#/day/${business.code}` }, icon('clipboard-check'), (draft ? say('goOn') : say('start')) + count)
}

function told(picture: string, tone: string, text: string): HTMLElement {
  return make('p', { class: `sh-badge sh-badge-${tone} so-state num` }, icon(picture), text)
}

function group(title: string, rows: HTMLElement[]): HTMLElement {
  return make('section', { class: 'sf-group' }, make('h2', {}, title), make('ul', { class: 'sf-list' }, ...rows))
}

function waitingRow(app: App, item: Item): HTMLElement {
  const text = make('div', { class: 'sf-row-text' }, make('strong', {}, item.title), make('span', { class: 'sh-help num' }, `${item.assignment} · ${say('keptAt', { at: shortMoment(item.ended_at) })}`))
  const row = make('li', { class: 'sf-item', 'data-state': item.state, 'data-instance': item.id }, icon(item.state === 'refused' ? 'alert-triangle' : 'clock'), text)
  if (item.state !== 'refused') return row
  text.append(make('span', { class: 'sf-reason' }, say('refused', { why: item.fault?.reason || String(item.fault?.status ?? '') })))
  const change = async () => {
    const draft = (await reopen(app, item.id)) as unknown as DayDraft | null
    if (draft) location.hash = `#/day/${draft.business.code}/${draft.day}`
  }
  const remove = async () => {
    if (await ask(say('deleteSure'), say('deleteIt'), true)) await discard(app, item.id)
  }
  const isTaken = item.fault?.status === 409
  const acts = [
    button(say('again'), () => void sendAgain(app, [item.id]), { picture: 'refresh' }),
    isTaken ? null : button(say('edit'), () => void change(), { picture: 'edit' }),
    button(say('deleteIt'), () => void remove(), { picture: 'trash' }),
  ]
  text.append(make('div', { class: 'sf-row' }, ...acts))
  return row
}

function sentRow(item: Item): HTMLElement {
  const when = say('sent', { made: shortMoment(item.ended_at), sent: shortMoment(item.sent_at) })
  return make('li', { class: 'sf-item', 'data-state': 'sent', 'data-instance': item.id }, icon('circle-check'), make('div', { class: 'sf-row-text' }, make('strong', {}, item.title), make('span', { class: 'sh-help num' }, `${item.assignment} · ${when}`)))
}
