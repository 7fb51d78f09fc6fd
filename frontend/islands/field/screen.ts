// The frame of a page that works without a network: which page the address names, what is told above it, when to send.

import { make } from '../../shared/element'
import type { App } from './app'
import { formsPage, tasksPage } from './home'
import { letGo } from './leaving'
import { outboxPage } from './outbox'
import { button, icon, notice } from './pieces'
import { nextDue, send } from './queue'
import { type Assignment, type Form, shortMoment, type Values } from './records'
import { type FieldWord, tell } from './words'

const MINUTE = 60_000
const TRY_AGAIN = 4_000 // milliseconds after the first silence of the server; doubled each time, up to a minute

/** The frame of a page off line: notices, one page by the address, tabs; it sends when it can. */
export class Screen {
  protected readonly notices = make('div', { class: 'sf-notices' })
  protected readonly view = make('div', { class: 'sf-view' })
  protected readonly tabs = make('nav', { class: 'sf-tabs', 'aria-label': tell('checks') })
  protected release: () => void = () => undefined
  protected drawn = ''
  protected turn = 0 // counts the pages that were gone to: what was asked for by an earlier one is not drawn any more
  private isStarting = false
  private timer = 0
  private silences = 0
  private isStale = false
  private drawing: Promise<void> | null = null
  private waitingWorker: ServiceWorker | null = null

  constructor(protected readonly app: App, private readonly element: HTMLElement) {}

  async open(): Promise<void> {
    const { app } = this
    this.element.replaceChildren(this.notices, this.view, this.tabs)
    this.setUpMenu()
    app.listen(() => void this.redraw())
    addEventListener('hashchange', () => void this.route())
    addEventListener('online', () => void this.wake())
    addEventListener('offline', () => void app.check())
    document.addEventListener('visibilitychange', () => document.hidden || void this.wake())
    void navigator.storage?.persist?.()
    void this.keepShell()
    await this.route()
    await app.fetch()
    await send(app, true)
  }

  private async wake(): Promise<void> {
    this.silences = 0
    await this.app.fetch()
    await send(this.app, true)
  }

  /** The page that the address names. A check under way is left as it is when something elsewhere changes. */
  protected async route(): Promise<void> {
    const [path = '', query = ''] = location.hash.replace(/^#\/?/, '').split('?')
    const [name = '', id = ''] = path.split('/')
    const turn = ++this.turn
    this.release()
    this.release = () => undefined
    this.drawn = name || 'tasks'
    document.body.classList.toggle('is-filling', name === 'fill')
    if (name === 'new') return this.begin(id, new URLSearchParams(query))
    if (name === 'fill') {
      const { fillPage } = await import('./fill')
      const page = make('div', {})
      const release = await fillPage(this.app, id, page, (where) => (location.hash = where))
      if (turn !== this.turn) return release()
      this.release = release
      this.view.replaceChildren(...page.children)
    }
    await this.redraw()
    if (name) document.getElementById('main')?.focus({ preventScroll: true })
    scrollTo(0, 0)
  }

  /** One drawing at a time; what changes meanwhile is drawn after it. */
  protected redraw(): Promise<void> {
    this.isStale = true
    this.drawing ??= (async () => {
      while (this.isStale) {
        this.isStale = false
        await this.draw()
      }
    })().finally(() => (this.drawing = null))
    return this.drawing
  }

  private async draw(): Promise<void> {
    const { turn } = this
    const page = await this.page()
    if (page && turn === this.turn) show(this.view, page)
    show(this.notices, ...this.tellStanding())
    await this.drawTabs()
    await this.planNext()
  }

  /** What the address names, unless it is a check, which draws itself, or somebody types in the page. */
  protected async page(): Promise<HTMLElement | null> {
    const { app } = this
    const open = (form: Form, assignment: Assignment | null) => void this.start(form, assignment, {})
    if (this.drawn === 'tasks') return tasksPage(app, open)
    if (this.drawn === 'forms' && !this.view.querySelector('input:focus')) return formsPage(app, open)
    return this.drawn === 'queue' ? outboxPage(app, (where) => (location.hash = where)) : null
  }

  /** #/new/<form>?assignment=<key>&<question>=<answer>: from a link, such as the page behind a scanned code. */
  private async begin(key: string, asked: URLSearchParams): Promise<void> {
    const find = () => this.app.work.forms.find((each) => each.key === key && this.app.kept.has(each.id))
    if (!find()) await this.app.fetch()
    const form = find()
    const begun = asked.has('assignment') && (await this.app.drafts()).find((each) => each.assignment?.key === asked.get('assignment'))
    if (begun) return location.replace(`#/fill/${begun.id}`)
    const assignment = this.app.work.assignments.find((each) => each.key === asked.get('assignment')) ?? null
    asked.delete('assignment')
    if (form) return this.start(form, assignment, Object.fromEntries(asked))
    this.view.replaceChildren(notice('due', tell('noForm')))
    await this.redraw()
  }

  /** One check, however often the button is touched. */
  private async start(form: Form, assignment: Assignment | null, answers: Values): Promise<void> {
    if (this.isStarting) return
    this.isStarting = true
    try {
      const draft = await this.app.begin(form, assignment, answers)
      location.replace(`#/fill/${draft.id}`)
    } finally {
      this.isStarting = false
    }
  }

  protected async drawTabs(): Promise<void> {
    const count = (await this.app.items()).filter((item) => item.state !== 'sent').length
    const tab = (name: string, word: FieldWord, picture: string, badge = 0) => {
      const isHere = this.drawn === name
      const number = badge ? make('span', { class: 'sf-count num' }, String(badge)) : null
      return make('a', { class: 'sf-tab', href: `#/${name === 'tasks' ? '' : name}`, 'aria-current': isHere ? 'page' : null }, icon(picture), make('span', {}, tell(word)), number)
    }
    this.tabs.replaceChildren(tab('tasks', 'checks', 'list-check'), tab('forms', 'forms', 'inbox'), tab('queue', 'queue', 'upload', count))
  }

  private tellStanding(): HTMLElement[] {
    const { app } = this
    const told: HTMLElement[] = []
    const net = document.querySelector<HTMLElement>('[data-net]')
    if (net) {
      net.textContent = tell(app.standing === 'offline' ? 'offline' : app.standing === 'out' ? 'away' : 'online')
      net.dataset['tone'] = app.standing
    }
    if (app.standing === 'out') told.push(this.tellOut())
    if (app.isFull && this.drawn !== 'fill') told.push(notice('overdue', tell('deviceFull'), tell('deviceFullHelp')))
    const minutes = Math.round((app.server.clock ?? 0) / MINUTE)
    if (minutes) told.push(notice('due', tell(minutes > 0 ? 'clockAhead' : 'clockBehind', { n: Math.abs(minutes) }), tell('clockHelp')))
    if (this.waitingWorker) told.push(notice('neutral', tell('updated'), '', button(tell('updateNow'), () => this.waitingWorker?.postMessage('take-over'), { picture: 'refresh' })))
    if (this.drawn !== 'fill') told.push(this.tellKept())
    return told
  }

  private tellOut(): HTMLElement {
    const { addresses } = this.app.server
    const isSignIn = this.app.where === addresses.login
    const where = isSignIn ? `${addresses.login}?next=${encodeURIComponent(addresses.home)}` : this.app.where
    return notice('due', tell(isSignIn ? 'signedOut' : 'accountFirst'), '', make('a', { class: 'btn', href: where }, tell('signIn')))
  }

  protected tellKept(): HTMLElement {
    const { app } = this
    const kept = app.work.forms.filter((form) => app.kept.has(form.id)).length
    const isReady = kept === app.work.forms.length
    const told = isReady ? tell('ready', { n: kept }) : tell('downloading')
    const at = app.work.fetched_at ? ` · ${tell('fetched', { at: shortMoment(app.work.fetched_at) })}` : ''
    return make('p', { class: 'sf-kept num', role: 'status', 'data-ready': String(isReady && kept > 0) }, `${told}${at}`)
  }

  private async planNext(): Promise<void> {
    clearTimeout(this.timer)
    const wait = nextDue(await this.app.items())
    if (wait === null || this.app.standing === 'out') return
    const isSilent = this.app.standing === 'offline'
    const least = isSilent ? Math.min(TRY_AGAIN * 2 ** this.silences, MINUTE) : 1000
    this.timer = window.setTimeout(() => {
      this.silences = isSilent ? this.silences + 1 : 0
      void send(this.app)
    }, Math.max(wait, least))
  }

  /** The service worker, and a word when a newer one waits. */
  private async keepShell(): Promise<void> {
    const { addresses } = this.app.server
    const workers = navigator.serviceWorker
    const former = workers.controller
    const found = await workers.register(addresses.worker, { scope: addresses.scope ?? addresses.home, updateViaCache: 'none' }).catch(() => null)
    if (!found) return
    const note = (worker: ServiceWorker | null) => {
      if (!worker || !workers.controller) return
      this.waitingWorker = worker
      void this.redraw()
    }
    note(found.waiting)
    found.addEventListener('updatefound', () => {
      const worker = found.installing
      worker?.addEventListener('statechange', () => worker.state === 'installed' && note(worker))
    })
    workers.addEventListener('controllerchange', () => former && location.reload())
  }

  private setUpMenu(): void {
    const theme = /(?:^|; )shian_theme=(light|dark)/.exec(document.cookie)?.[1]
    if (theme) document.documentElement.dataset['bsTheme'] = theme // a kept page was drawn for the one of then
    const { app } = this
    const user = document.querySelector<HTMLElement>('[data-user]')
    const tellUser = () => {
      if (user) Object.assign(user, { hidden: !app.name, textContent: app.name })
    }
    app.listen(tellUser)
    tellUser()
    document.querySelector('[data-leave]')?.addEventListener('click', () => void this.leave())
    for (const each of document.querySelectorAll<HTMLElement>('[data-language]')) {
      each.addEventListener('click', () => {
        document.cookie = `django_language=${each.dataset['language']}; path=/; max-age=31536000; samesite=lax`
        location.reload()
      })
    }
  }

  private async leave(): Promise<void> {
    const { app } = this
    if (!(await letGo(app.vault))) return
    const answer = await app.server.session()
    if (answer.kind === 'ok') await app.server.leave(answer.data.token)
    location.href = app.server.addresses.login
  }
}

/** Draws only what differs, so that the focus stays where it is. */
function show(place: HTMLElement, ...drawn: HTMLElement[]): void {
  const isSame = place.children.length === drawn.length && drawn.every((each, at) => each.isEqualNode(place.children[at] ?? null))
  if (!isSame) place.replaceChildren(...drawn)
}
