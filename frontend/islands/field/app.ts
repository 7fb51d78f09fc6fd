// What the page knows and does, without a word of how it looks: who works here, what was fetched, drafts.

import { type Assignment, type Draft, type Form, type Item, localMoment, type Nearby, type Photo, type Survey, uuid7, type Values, type Work } from './records'
import { Server, type Session } from './server'
import { type Change, lastUser, noteUser, StorageFull, Vault } from './vault'

const NONE: Work = { assignments: [], forms: [], lists: {}, fetched_at: '' }
const AT_ONCE = 4
const PATIENCE = 3_000 // milliseconds: on a weak network the page does not wait for the server
const NEWS_EVERY = 60_000

export type Standing = 'online' | 'offline' | 'out'

export class App {
  vault: Vault
  work: Work = NONE
  session: Session | null = null
  standing: Standing = 'offline'
  name = '' // of the user, as it was told last
  where = '' // the page that the server asks for first
  isFull = false
  isFetching = false
  kept = new Set<number>() // versions whose questions are here
  near: Record<string, Nearby> = {}
  private fetched = 0
  private readonly channel = new BroadcastChannel('shian-field')
  private readonly heard = new Set<() => void>()

  private constructor(readonly server: Server, vault: Vault) {
    this.vault = vault
    this.channel.onmessage = () => void this.reread()
  }

  /** For whoever is signed in; without a network for whoever worked here last. Null: nobody, a sign-in comes first. */
  static async start(server: Server): Promise<App | null> {
    const former = await lastUser()
    const late = new Promise<{ kind: 'offline' }>((resolve) => setTimeout(() => resolve({ kind: 'offline' }), PATIENCE))
    const answer = await (former ? Promise.race([server.session(), late]) : server.session())
    const user = answer.kind === 'ok' ? answer.data.user : former
    if (!user) return null
    await noteUser(user)
    const app = new App(server, await Vault.open(user))
    app.near = (await app.vault.get<App['near']>('meta', 'near')) ?? {}
    await app.reread()
    await app.note(answer)
    return app
  }

  /** Runs at each change; the answer ends it. */
  listen(run: () => void): () => void {
    this.heard.add(run)
    return () => void this.heard.delete(run)
  }

  /** Here and in other tabs. */
  changed(): void {
    this.channel.postMessage('changed')
    this.heard.forEach((run) => run())
  }

  /** Ask who is signed in. False: nothing can be sent for the user of this page now. */
  async check(): Promise<boolean> {
    await this.note(await this.server.session())
    if (this.session && this.session.user !== this.vault.user) {
      await noteUser(this.session.user) // another user took over: what lies here waits for its owner
      location.reload()
    }
    this.heard.forEach((run) => run())
    return this.session?.user === this.vault.user
  }

  /** Fetch what is assigned, the forms and their questions, so that all of it works without a network. */
  async fetch(): Promise<void> {
    if (this.isFetching || Date.now() - this.fetched < NEWS_EVERY || !(await this.check())) return
    this.isFetching = true
    try {
      const answer = await this.server.work()
      if (answer.kind !== 'ok') return
      this.work = { ...answer.data, fetched_at: localMoment() }
      await this.save({ store: 'meta', id: 'work', value: this.work })
      await this.fetchSurveys()
      await this.fetchNear()
      this.fetched = Date.now()
    } finally {
      this.isFetching = false
      this.changed()
    }
  }

  async survey(version: number): Promise<Values | null> {
    return (await this.vault.get<Survey>('surveys', String(version)))?.survey ?? null
  }

  /** What a check may choose from: an assigned one among the user's tasks, a free one besides in the own area. */
  listsFor(draft: Draft): Work['lists'] {
    if (draft.assignment) return this.work.lists
    const whole = (name: string) => new Map([...(this.work.lists[name] ?? []), ...(this.near[name]?.rows ?? [])])
    return Object.fromEntries(draft.form.lists.map((name) => [name, [...whole(name)]]))
  }

  async begin(form: Form, assignment: Assignment | null, answers: Values = {}): Promise<Draft> {
    const at = localMoment()
    const given = { ...assignment?.answers, ...answers }
    const draft: Draft = {
      id: uuid7(), form, assignment, answers: given, photos: [], place: null, started_at: at, saved_at: at, answered: 0, asked: 0,
    }
    await this.save({ store: 'drafts', id: draft.id, value: draft })
    this.changed()
    return draft
  }

  drafts(): Promise<Draft[]> {
    return draftsIn(this.vault)
  }

  items(): Promise<Item[]> {
    return itemsIn(this.vault)
  }

  async drop(draft: Draft): Promise<void> {
    await this.vault.write({ store: 'drafts', id: draft.id, value: null }, ...withoutPhotos(draft.photos))
    this.changed()
  }

  /** Writes, or says that the device is full and leaves all as it was. */
  async save(...changes: Change[]): Promise<boolean> {
    const former = this.isFull
    try {
      await this.vault.write(...changes)
      this.isFull = false
    } catch (error) {
      if (!(error instanceof StorageFull)) throw error
      this.isFull = true
    }
    if (former !== this.isFull) this.heard.forEach((run) => run())
    return !this.isFull
  }

  private async note(answer: Awaited<ReturnType<Server['session']>>): Promise<void> {
    this.session = answer.kind === 'ok' ? answer.data : null
    this.standing = answer.kind === 'ok' ? 'online' : answer.kind === 'out' ? 'out' : 'offline'
    this.where = answer.kind === 'out' ? answer.where : ''
    if (this.session?.user !== this.vault.user || this.session.name === this.name) return
    this.name = this.session.name
    await this.save({ store: 'meta', id: 'name', value: this.name })
  }

  private async reread(): Promise<void> {
    this.work = (await this.vault.get<Work>('meta', 'work')) ?? NONE
    this.name = (await this.vault.get<string>('meta', 'name')) ?? ''
    this.kept = new Set((await this.vault.ids('surveys')).map(Number))
    this.heard.forEach((run) => run())
  }

  /** Lists of the own area that free forms choose from, once a day: they are long. */
  private async fetchNear(): Promise<void> {
    const day = localMoment().slice(0, 10)
    const names = new Set(this.work.forms.filter((form) => form.is_free).flatMap((form) => form.lists))
    const late = [...names].filter((name) => this.near[name]?.day !== day)
    for (const name of late) {
      const answer = await this.server.list(name)
      if (answer.kind === 'ok') this.near = { ...this.near, [name]: { ...answer.data, day } }
    }
    if (late.length) await this.save({ store: 'meta', id: 'near', value: this.near })
  }

  /** Questions of a version never change, so each is fetched once; those that nothing here needs any more go. */
  private async fetchSurveys(): Promise<void> {
    const wanted = this.work.forms.map((form) => form.id)
    const missing = wanted.filter((id) => !this.kept.has(id))
    const next = async (): Promise<void> => {
      for (let id = missing.shift(); id !== undefined; id = missing.shift()) {
        const answer = await this.server.survey(id)
        if (answer.kind !== 'ok') return
        if (!(await this.save({ store: 'surveys', id: String(id), value: { id, ...answer.data } }))) return
        this.kept.add(id)
        this.heard.forEach((run) => run())
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, next))
    const used = [...(await this.drafts()).map((each) => each.form.id), ...(await this.items()).map((each) => each.form.id)]
    const gone = [...this.kept].filter((id) => !wanted.includes(id) && !used.includes(id))
    if (gone.length) await this.save(...gone.map((id) => ({ store: 'surveys' as const, id: String(id), value: null })))
    gone.forEach((id) => this.kept.delete(id))
  }
}

/** The last one touched first. */
export async function draftsIn(vault: Vault): Promise<Draft[]> {
  return (await vault.all<Draft>('drafts')).sort((one, two) => two.saved_at.localeCompare(one.saved_at))
}

/** The queue, what was finished first on top. */
export async function itemsIn(vault: Vault): Promise<Item[]> {
  return (await vault.all<Item>('queue')).sort((one, two) => one.ended_at.localeCompare(two.ended_at))
}

export function withoutPhotos(photos: Photo[]): Change[] {
  return photos.map(({ id }) => ({ store: 'photos' as const, id, value: null }))
}
