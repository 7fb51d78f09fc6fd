// The day's check of an operator in the browser, with or without a network: on the frame, the vault and the queue of
// the field page. On the desk of the portal (isDesk) it only makes the phone ready and tells what waits.

import './own.css'

import { make } from '../../shared/element'
import { App } from '../field/app'
import { Screen } from '../field/screen'
import { notice } from '../field/pieces'
import { send } from '../field/queue'
import { shortMoment } from '../field/records'
import { Server } from '../field/server'
import { tell } from '../field/words'
import { dayPage } from './day'
import { homePage } from './home'
import { beginDay, businessesOf, draftOf, type OwnAddresses, today } from './records'
import { say } from './words'

export async function mount(element: HTMLElement, addresses: OwnAddresses): Promise<void> {
  const isAble = 'subtle' in crypto && 'locks' in navigator && 'indexedDB' in window
  if (!isAble) return addresses.isDesk ? undefined : element.replaceChildren(notice('overdue', tell('insecure')))
  const app = await App.start(new Server(addresses)).catch((error: unknown) => {
    if (!addresses.isDesk) element.replaceChildren(notice('overdue', tell('noStore')))
    throw error
  })
  if (addresses.isDesk) return app ? makeReady(app, element, addresses) : undefined
  if (!app) {
    location.href = `${addresses.login}?next=${encodeURIComponent(addresses.home)}`
    return
  }
  await new OwnScreen(app, element).open()
}

/** The phone takes along what it needs; buttons of today lead to the page that works without a network. */
async function makeReady(app: App, element: HTMLElement, addresses: OwnAddresses): Promise<void> {
  const { serviceWorker } = navigator
  await app.fetch()
  await send(app, true)
  await serviceWorker?.register(addresses.worker, { scope: addresses.scope ?? addresses.home, updateViaCache: 'none' }).catch(() => null)
  const waiting = (await app.items()).filter((each) => each.state !== 'sent').length
  const text = [waiting ? say('queue', { n: waiting }) : '', app.work.fetched_at ? say('drawn', { at: shortMoment(app.work.fetched_at) }) : '']
  element.replaceChildren(make('a', { class: 'so-ready num', href: addresses.home }, text.filter(Boolean).join(' · ')))
  for (const link of document.querySelectorAll<HTMLAnchorElement>('a[data-own-today]')) {
    link.href = `${addresses.home}#/day/${link.dataset['ownToday']}`
  }
}

class OwnScreen extends Screen {
  protected override async route(): Promise<void> {
    const [name = '', code = '', day = ''] = location.hash.replace(/^#\/?/, '').split('/')
    this.turn++
    this.drawn = name === 'day' ? 'day' : 'home'
    document.body.classList.toggle('is-filling', name === 'day')
    if (name === 'day') await this.openDay(decodeURIComponent(code), day || today(this.app))
    await this.redraw()
    if (name) document.getElementById('main')?.focus({ preventScroll: true })
    scrollTo(0, 0)
  }

  private async openDay(code: string, day: string): Promise<void> {
    const find = () => businessesOf(this.app).find((each) => each.code === code)
    if (!find()) await this.app.fetch()
    const business = find()
    const home = () => (location.hash = '#/')
    const isOpen = business?.list_version != null && !business.recorded.includes(day)
    const draft = business && (isOpen && day === today(this.app) ? await beginDay(this.app, business, day) : await draftOf(this.app, business, day))
    const isWaiting = (await this.app.items()).some((each) => each.form.id === business?.id && each.assignment === day && each.state === 'waiting')
    if (draft && !isWaiting) return dayPage(this.app, draft, this.view, home)
    this.view.replaceChildren(notice('neutral', say('vanished'), '', make('a', { class: 'btn', href: '#/' }, say('back'))))
  }

  protected override async page(): Promise<HTMLElement | null> {
    return this.drawn === 'home' ? homePage(this.app) : null
  }

  protected override async drawTabs(): Promise<void> {
    this.tabs.hidden = true // one page: what waits stands on it
  }

  protected override tellKept(): HTMLElement {
    const at = this.app.work.fetched_at
    const told = at ? say('drawn', { at: shortMoment(at) }) : tell('downloading')
    return make('p', { class: 'sf-kept num', role: 'status', 'data-ready': String(Boolean(at)) }, told)
  }
}
