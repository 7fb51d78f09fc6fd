// The page of one check: the questions by section, the score as it grows, everything saved after each answer.

import { ask } from '../../shared/ask'
import { make } from '../../shared/element'
import { cardsOf, type Card, type Scene } from './answers'
import { type App, withoutPhotos } from './app'
import { button, icon, notice, toast } from './pieces'
import { taken, Whereabouts } from './photos'
import { finish, namesIn, send } from './queue'
import type { Draft, Photo, Values } from './records'
import { kindOf, type Section, Sheet } from './sheet'
import type { Change } from './vault'
import { tell } from './words'

const POSITION_WAIT = 2_000
const MOMENT = 100

/** Draws the check into the page; the answer ends it when the reader goes elsewhere. */
export async function fillPage(app: App, id: string, into: HTMLElement, leave: (where: string) => void): Promise<() => void> {
  const freed = await heldHere(`shian-field-draft-${id}`)
  const draft = await app.vault.get<Draft>('drafts', id)
  const survey = draft && (await app.survey(draft.form.id))
  if (!freed || !draft || !survey) {
    const word = !freed ? 'closeTab' : draft ? 'noForm' : 'notFound'
    into.replaceChildren(notice('due', tell(word), '', button(tell('back'), () => leave('#/'), { picture: 'arrow-left' })))
    freed?.()
    return () => undefined
  }
  const check = new Check(app, draft, new Sheet(survey, draft.answers), leave)
  into.replaceChildren(check.element)
  check.refresh()
  const deaf = app.listen(() => check.tellNews())
  return () => {
    deaf()
    freed()
  }
}

/** One tab at a time writes a draft. Null when another one has it. */
function heldHere(name: string): Promise<(() => void) | null> {
  return new Promise((resolve) => {
    void navigator.locks.request(name, { ifAvailable: true }, (lock) => {
      if (!lock) return resolve(null)
      return new Promise<void>((free) => resolve(free))
    })
  })
}

class Check {
  readonly element: HTMLElement
  private readonly cards: Card[][]
  private readonly marks: HTMLElement[] = []
  private readonly score = make('p', { class: 'sf-score num', role: 'status' })
  private readonly saved = make('p', { class: 'sf-saved num', role: 'status' })
  private readonly bar = make('progress', { class: 'sf-progress', max: 1, value: 0, 'aria-label': tell('progress') })
  private readonly alarm = make('div', {})
  private readonly news = make('div', { role: 'status' })
  private readonly summary = make('div', {})
  private saving: Promise<unknown> = Promise.resolve()
  private unsaved = 0 // writes that wait for their turn
  private readonly fresh = new Set<string>() // photos that no answer names yet
  private isOver = false // finished or dropped: nothing is written any more

  constructor(
    private readonly app: App,
    private readonly draft: Draft,
    private readonly sheet: Sheet,
    private readonly leave: (where: string) => void,
  ) {
    const scene = this.scene()
    this.cards = sheet.sections.map((section) => cardsOf(section.questions, scene))
    sheet.model.onValueChanged.add(() => this.changed())
    this.element = make('article', { class: 'sf-check' }, this.head(), this.alarm, this.news, ...this.sections(), this.summary, this.foot())
    this.tellNews()
  }

  refresh(): void {
    this.cards.flat().forEach((card) => card.refresh())
    const counts = this.sheet.sections.map((section) => this.count(section))
    const [done, all] = [0, 1].map((at) => counts.reduce((sum, each) => sum + (each[at] ?? 0), 0)) as [number, number]
    Object.assign(this.draft, { answered: done, asked: all })
    this.bar.max = Math.max(1, all)
    this.bar.value = done
    counts.forEach(([answered, asked], at) => {
      const mark = this.marks[at]
      if (!mark) return
      mark.textContent = asked ? `${answered}/${asked}` : ''
      mark.classList.toggle('is-done', answered === asked)
    })
    this.tellScore()
  }

  /** That the form has a newer version: it may come while the check is open. */
  tellNews(): void {
    const { form } = this.draft
    const now = this.app.work.forms.find((each) => each.key === form.key)
    const isOld = now !== undefined && now.id !== form.id
    if (isOld !== this.news.hasChildNodes()) this.news.replaceChildren(...(isOld ? [notice('neutral', tell('newForm', { version: form.version }))] : []))
  }

  private count(section: Section): [number, number] {
    const asked = this.sheet.asked(section)
    return [asked.filter((each) => !each.isEmpty()).length, asked.length]
  }

  private tellScore(): void {
    const score = this.sheet.score
    if (!score) return
    const isFailed = score.failedKeys > 0 || (score.percent !== '' && Number(score.percent) < Number(this.draft.form.pass_mark || 0))
    this.score.dataset['tone'] = score.percent === '' ? '' : isFailed ? 'overdue' : 'done'
    const keys = score.failedKeys ? make('span', { class: 'sf-failed' }, tell('failedKeys', { n: score.failedKeys })) : null
    this.score.replaceChildren(make('strong', {}, score.percent || '—'), make('span', {}, `${score.earned} / ${score.whole}`), ...(keys ? [keys] : []))
  }

  private scene(): Scene {
    const { app, draft } = this
    const whereabouts = new Whereabouts()
    const isAsked = this.sheet.model.getAllQuestions().some((each) => kindOf(each) === 'place')
    if (!isAsked && !draft.place) void this.locate(whereabouts)
    return {
      sheet: this.sheet,
      lists: app.listsFor(draft),
      whereabouts,
      photo: (name) => draft.photos.find((each) => each.name === name),
      picture: async (photo) => {
        const bytes = await app.vault.bytes('photos', photo.id)
        return bytes ? new Blob([bytes], { type: photo.type }) : null
      },
      add: async (question, blob) => {
        const { photo, bytes } = await taken(question.name, blob, await whereabouts.soon(POSITION_WAIT))
        const isOwn = this.sheet.model.getQuestionByName(question.name)?.id === question.id // not one of a repeat
        this.fresh.add(photo.name)
        const answer = isOwn ? { [question.name]: photo.name } : {}
        const isKept = await this.keep([{ store: 'photos', id: photo.id, value: bytes }], [photo], answer)
        return isKept ? photo.name : null
      },
    }
  }

  /** A form that does not ask for the place gets it all the same, if the device tells it. */
  private async locate(whereabouts: Whereabouts): Promise<void> {
    const answer = await whereabouts.now()
    if (typeof answer === 'string') return
    this.draft.place = answer
    await this.keep([], [])
  }

  private changed(): void {
    this.refresh()
    void this.keep([], [])
  }

  /** One write after another: photo, answer and draft together, so that none is ever without the others. */
  private keep(more: Change[], added: Photo[], answer: Values = {}): Promise<boolean> {
    this.unsaved += 1
    this.tellPending()
    const next = this.saving.then(async () => {
      this.unsaved -= 1
      if (this.isOver) return false
      const answers = { ...this.sheet.entered, ...answer }
      const used = new Set(namesIn(answers))
      const gone = this.draft.photos.filter(({ name }) => !used.has(name) && !this.fresh.has(name)) // taken anew
      const photos = [...this.draft.photos.filter((photo) => !gone.includes(photo)), ...added]
      const draft = { ...this.draft, photos, answers, saved_at: new Date().toISOString() }
      const isKept = await this.app.save(...more, { store: 'drafts', id: draft.id, value: draft }, ...withoutPhotos(gone))
      if (!isKept) return this.tellSaved(false)
      Object.assign(this.draft, draft)
      photos.filter(({ name }) => used.has(name)).forEach(({ name }) => this.fresh.delete(name))
      return this.tellSaved(true)
    })
    this.saving = next.catch(() => undefined)
    return next
  }

  private tellPending(): void {
    if (!this.saved.dataset['tone']) this.saved.textContent = tell('saving')
  }

  private tellSaved(isKept: boolean): boolean {
    this.saved.textContent = isKept ? tell('saved', { at: new Date().toTimeString().slice(0, 5) }) : tell('savedNot')
    this.saved.dataset['tone'] = isKept ? '' : 'overdue'
    if (this.unsaved) this.tellPending()
    const again = button(tell('retryNow'), () => this.changed(), { picture: 'refresh' })
    this.alarm.replaceChildren(...(isKept ? [] : [notice('overdue', tell('deviceFull'), tell('deviceFullHelp'), again)]))
    return isKept
  }

  private head(): HTMLElement {
    const { draft } = this
    const back = make('a', { class: 'sh-iconbutton', href: '#/', 'aria-label': tell('back') }, icon('arrow-left'))
    const title = make('h1', {}, draft.assignment?.title || draft.form.title)
    const told = [draft.assignment ? draft.form.title : '', draft.assignment?.place, draft.form.is_withheld ? tell('withheld') : '']
    const jumps = this.sheet.sections.map((_, at) => {
      const mark = make('span', { class: 'num' })
      this.marks[at] = mark
      return make('a', { class: 'sf-jump', href: `#section-${at}`, onclick: (event) => this.jump(event, at) }, `${this.sectionTitle(at)} `, mark)
    })
    return make(
      'header', { class: 'sf-head' },
      make('div', { class: 'sf-head-row' }, back, make('div', { class: 'sf-head-title' }, title, make('p', { class: 'sh-help' }, told.filter(Boolean).join(' · '))), this.score),
      this.bar, make('nav', { class: 'sf-jumps', 'aria-label': tell('progress') }, ...jumps, this.saved),
    )
  }

  private jump(event: Event, at: number): void {
    event.preventDefault() // the address belongs to the page
    this.element.querySelector(`#section-${at}`)?.scrollIntoView({ block: 'start' })
  }

  private sections(): HTMLElement[] {
    return this.cards.map((cards, at) =>
      make('section', { class: 'sf-section', id: `section-${at}`, 'aria-labelledby': `section-${at}-title` }, make('h2', { id: `section-${at}-title` }, this.sectionTitle(at)), ...cards.map((card) => card.element)),
    )
  }

  private sectionTitle(at: number): string {
    const section = this.sheet.sections[at]
    if (section?.title) return section.title
    const isScored = section?.questions[0]?.['points'] !== undefined
    return tell(isScored ? 'item' : at === 0 ? 'basic' : 'other')
  }

  private foot(): HTMLElement {
    const drop = button(tell('deleteDraft'), () => void this.drop(), { css: 'btn btn-quiet', picture: 'trash' })
    return make('footer', { class: 'sf-foot' }, drop, button(tell('done'), () => void this.finish(), { css: 'btn btn-primary', picture: 'check' }))
  }

  private async drop(): Promise<void> {
    if (!(await ask(tell('deleteDraftSure'), tell('deleteDraft'), true))) return
    await this.saving
    this.isOver = true
    await this.app.drop(this.draft)
    this.leave('#/')
  }

  /** Photos that are being shrunk and signatures under the pen belong to the check. */
  private async rested(): Promise<void> {
    while (this.element.querySelector('[aria-busy=true]')) await new Promise((resolve) => setTimeout(resolve, MOMENT))
  }

  private async finish(): Promise<void> {
    await this.rested()
    const faulty = this.sheet.faulty()
    this.refresh()
    if (faulty.length) return this.tellFaults(faulty.map((each) => each.name), faulty.map((each) => each.title))
    await this.saving
    if (this.isOver) return
    this.isOver = true
    this.isOver = await finish(this.app, this.draft, this.sheet)
    if (!this.isOver) return void this.tellSaved(false)
    toast(tell('take'))
    this.leave('#/queue')
    void send(this.app)
  }

  private tellFaults(names: string[], titles: string[]): void {
    const reach = (name: string) => {
      const card = this.element.querySelector<HTMLElement>(`[data-question="${CSS.escape(name)}"]`)
      card?.scrollIntoView({ block: 'center' })
      card?.focus({ preventScroll: true })
    }
    const links = names.map((name, at) =>
      make('li', {}, button(titles[at] ?? name, () => reach(name), { css: 'sf-link' })),
    )
    const told = notice('overdue', tell('faults', { n: names.length }))
    told.lastElementChild?.append(make('ul', { class: 'sf-faults' }, ...links))
    this.summary.replaceChildren(told)
    reach(names[0] ?? '')
  }
}
