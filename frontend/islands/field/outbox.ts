// What waits, what went wrong and what can be done about it, what was sent; files out and in.

import { ask } from '../../shared/ask'
import { make } from '../../shared/element'
import type { App } from './app'
import { button, icon, notice, picker, toast } from './pieces'
import { discard, reopen, sendAgain } from './queue'
import { type Item, localMoment, shortMoment } from './records'
import { AnothersFile, exported, imported, WrongPassphrase } from './transfer'
import type { Vault } from './vault'
import { type FieldWord, tell } from './words'

const REMEDIES: Record<number, FieldWord> = { 400: 'remedy400', 403: 'remedy403', 404: 'remedy404', 409: 'remedy409', 413: 'remedy413', 422: 'remedy422' }
const SHORTEST = 8

export async function outboxPage(app: App, leave: (where: string) => void): Promise<HTMLElement> {
  const items = await app.items()
  const open = items.filter((item) => item.state !== 'sent')
  const sent = items.filter((item) => item.state === 'sent').reverse()
  const waiting = open.filter((item) => item.state === 'waiting')
  const page = make('div', {}, make('h1', {}, tell('queue'), ' ', make('span', { class: 'sh-heading-count num' }, String(open.length))))
  if (open.length) page.append(make('ul', { class: 'sf-list' }, ...open.map((item) => openRow(app, item, leave))))
  else page.append(notice('neutral', tell('none'), tell('noneHelp')))
  const now = waiting.length ? button(tell('sendNow'), () => void sendAgain(app, waiting.map((item) => item.id)), { css: 'btn btn-primary', picture: 'upload' }) : null
  page.append(make('div', { class: 'sf-row' }, now, button(tell('exportAll'), () => void exportTo(app.vault), { picture: 'download' }), picker(tell('importFile'), 'folder', '.shian', (file) => void importFrom(app, file))))
  page.append(make('p', { class: 'sh-help' }, tell('exportHelp')))
  if (sent.length) page.append(make('h2', {}, tell('history')), make('ul', { class: 'sf-list' }, ...sent.map((item) => sentRow(app, item))))
  return page
}

function openRow(app: App, item: Item, leave: (where: string) => void): HTMLElement {
  const isRefused = item.state === 'refused'
  const actions = isRefused
    ? [
        button(tell('backToDraft'), () => void reopen(app, item.id).then((draft) => draft && leave(`#/fill/${draft.id}`)), { picture: 'edit' }),
        button(tell('retry'), () => void sendAgain(app, [item.id]), { picture: 'refresh' }),
        button(tell('deleteItem'), () => void remove(app, item), { css: 'btn btn-quiet', picture: 'trash' }),
      ]
    : []
  const told = make('div', { class: 'sf-row-text' }, make('strong', {}, item.title), make('span', { class: 'sh-help num' }, facts(item)), state(app, item))
  if (isRefused) told.append(make('p', { class: 'sf-reason' }, reason(item)), make('p', { class: 'sh-help' }, remedy(item)), make('div', { class: 'sf-row' }, ...actions))
  return make('li', { class: 'sf-item', 'data-state': item.state, 'data-instance': item.id }, icon(isRefused ? 'alert-triangle' : 'clock'), told)
}

function facts(item: Item): string {
  const score = item.score ? `${tell('score')} ${item.score}` : ''
  const photos = item.photos.length ? `${tell('photoOf')} ${item.photos.length}` : ''
  return [item.form.version, shortMoment(item.ended_at), score, photos].filter(Boolean).join(' · ')
}

function state(app: App, item: Item): HTMLElement {
  if (item.state === 'refused') return make('span', { class: 'sh-badge sh-badge-overdue' }, tell(item.fault?.status ? 'refused' : 'givenUp'))
  const left = item.missing?.length ? tell('waitingPhotos', { n: item.missing.length }) : tell('waiting')
  const wait = Math.ceil((item.next_at - Date.now()) / 1000)
  const isBusy = item.fault !== null && app.standing === 'online' && wait > 0
  return make('span', { class: 'sh-badge sh-badge-waiting' }, isBusy ? tell('later', { at: `${wait} s` }) : left)
}

function reason(item: Item): string {
  if (!item.fault) return ''
  return item.fault.status ? item.fault.reason || `HTTP ${item.fault.status}` : tell('lost', { name: item.fault.reason })
}

function remedy(item: Item): string {
  return tell(REMEDIES[item.fault?.status ?? 0] ?? 'backToDraftHelp')
}

function sentRow(app: App, item: Item): HTMLElement {
  const told = [tell('sentAt', { made: shortMoment(item.ended_at), sent: shortMoment(item.sent_at) }), item.score ? `${tell('score')} ${item.score}` : '']
  const link = make('a', { class: 'sf-rowlink', href: `${app.server.addresses.submissions}${item.accepted}/`, 'aria-label': `${tell('view')} ${item.title}` }, tell('view'))
  return make('li', { class: 'sf-item', 'data-state': 'sent', 'data-instance': item.id }, icon('circle-check'), make('div', { class: 'sf-row-text' }, make('strong', {}, item.title), make('span', { class: 'sh-help num' }, told.filter(Boolean).join(' · '))), link)
}

async function remove(app: App, item: Item): Promise<void> {
  if (await ask(tell('deleteItemSure'), tell('deleteItem'), true)) await discard(app, item.id)
}

/** True when a file was written. */
export async function exportTo(vault: Vault): Promise<boolean> {
  const passphrase = await askPassphrase(tell('keyPassphrase'), SHORTEST)
  if (passphrase === null) return false
  const { blob, count } = await exported(vault, passphrase)
  const link = make('a', { href: URL.createObjectURL(blob), download: `shian-${localMoment().slice(0, 16).replace(/[:T]/g, '-')}.shian` })
  document.body.append(link)
  link.click()
  link.remove()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
  toast(tell('exportDone', { n: count }))
  return true
}

async function importFrom(app: App, file: File): Promise<void> {
  const passphrase = await askPassphrase(tell('passphrase'), 1)
  if (passphrase === null) return
  try {
    const { taken, known } = await imported(app, file, passphrase)
    toast(tell('importDone', { n: taken, m: known }))
  } catch (error) {
    if (!(error instanceof WrongPassphrase || error instanceof AnothersFile)) throw error
    toast(tell(error instanceof AnothersFile ? 'importOther' : 'importWrong'))
  }
}

function askPassphrase(label: string, least: number): Promise<string | null> {
  const input = make('input', { type: 'password', class: 'form-control', id: 'sf-passphrase', minlength: least, required: true, autocomplete: 'off' })
  const go = make('button', { class: 'btn btn-primary', value: 'yes' }, tell('startAgain'))
  const stop = make('button', { class: 'btn', value: 'no', formnovalidate: true }, tell('back'))
  const form = make('form', { method: 'dialog' }, make('label', { for: 'sf-passphrase' }, label), input, make('div', { class: 'sh-confirm-end' }, stop, go))
  const dialog = make('dialog', { class: 'sh-dialog' }, form)
  document.body.append(dialog)
  dialog.showModal()
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      resolve(dialog.returnValue === 'yes' ? input.value : null)
      dialog.remove()
    })
  })
}
