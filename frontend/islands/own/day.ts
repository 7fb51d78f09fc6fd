// One day's check: an item a card, three answers to tap, the way on under the thumb.

import { make } from '../../shared/element'
import type { App } from '../field/app'
import { button, icon, notice, toast } from '../field/pieces'
import { send } from '../field/queue'
import { localMoment } from '../field/records'
import { type Answer, type DayDraft, type DayItem, keepDay, missing } from './records'
import { FOUND, HANDLED, say } from './words'

const TONES: Record<Answer, string> = { pass: 'done', problem: 'overdue', none: 'waiting' }

/** Draws itself into the place and keeps every tap. */
export function dayPage(app: App, draft: DayDraft, place: HTMLElement, leave: () => void): void {
  new Day(app, draft, place, leave).draw()
}

class Day {
  private readonly cards = new Map<string, HTMLFieldSetElement>()
  private readonly told = make('p', { class: 'sh-help num' })
  private readonly bar = make('progress', { class: 'sf-progress', 'aria-label': say('title') })
  private readonly saved = make('p', { class: 'sf-saved num', role: 'status' })
  private readonly go = button('', () => void this.forward(), { css: 'btn btn-primary' })

  constructor(
    private readonly app: App,
    private readonly draft: DayDraft,
    private readonly place: HTMLElement,
    private readonly leave: () => void,
  ) {}

  draw(): void {
    const { business, day } = this.draft
    this.bar.max = business.items.length
    const title = make('div', { class: 'sf-head-title' }, make('h1', {}, business.name), make('p', { class: 'sh-help num' }, day))
    const back = button(say('back'), this.leave, { css: 'btn', picture: 'arrow-left' })
    const head = make('div', { class: 'sf-head' }, make('div', { class: 'sf-head-row' }, back, title, this.saved), this.bar)
    for (const item of business.items) this.cards.set(item.key, this.card(item))
    this.place.replaceChildren(head, this.told, ...this.cards.values(), make('div', { class: 'sf-foot' }, this.go))
    this.count()
  }

  private card(item: DayItem): HTMLFieldSetElement {
    const legend = make('legend', {}, item.risk, item.process ? make('span', { class: 'sf-worth' }, item.process) : null)
    const told = item.is_decision ? say('decision', { day: item.due_on }) : item.control
    const more = make('div', { class: 'so-more', hidden: true })
    const card = make('fieldset', { class: 'sf-card', id: `item-${item.key}`, tabindex: '-1' }, legend, make('p', { class: 'sh-help' }, told), this.choices(item), more)
    this.tone(card, item)
    return card
  }

  private choices(item: DayItem): HTMLElement {
    const words: [Answer, string][] = item.is_decision
      ? [['pass', say('done')], ['problem', say('notDone')]]
      : [['pass', say('pass')], ['problem', say('problem')], ['none', say('none')]]
    const one = ([value, word]: [Answer, string]) => {
      const isChosen = this.draft.answers[item.key] === value
      const input = make('input', { type: 'radio', name: item.key, value, checked: isChosen, onchange: () => this.answer(item, value) })
      return make('label', { class: 'sf-choice' }, input, make('span', {}, icon('check'), word))
    }
    return make('div', { class: 'sf-choices' }, ...words.map(one))
  }

  private answer(item: DayItem, value: Answer): void {
    this.draft.answers[item.key] = value
    const card = this.cards.get(item.key)
    if (card) this.tone(card, item)
    void this.save()
  }

  /** The colour of the card, and what a problem asks for. */
  private tone(card: HTMLFieldSetElement, item: DayItem): void {
    const answer = this.draft.answers[item.key]
    card.dataset['tone'] = !answer ? '' : item.is_decision && answer === 'problem' ? 'due' : TONES[answer]
    const more = card.querySelector<HTMLElement>('.so-more')
    if (!more || item.is_decision) return
    more.hidden = answer !== 'problem'
    if (!more.hidden && !more.children.length) {
      more.append(this.phrases(item.key, say('found'), FOUND, this.draft.notes), this.phrases(item.key, say('handled'), HANDLED, this.draft.measures))
    }
  }

  /** Phrases to tap; the words can be changed. A tap on the chosen one takes it back. */
  private phrases(key: string, title: string, given: string[], into: Record<string, string>): HTMLElement {
    const text = make('textarea', { class: 'form-control', rows: 2, maxlength: 500, 'aria-label': `${title} · ${say('words')}` })
    text.value = into[key] ?? ''
    const taps = given.map((phrase) => make('button', { type: 'button', class: 'btn so-tap', onclick: () => set(text.value === phrase ? '' : phrase) }, phrase))
    const set = (words: string) => {
      if (words !== text.value) text.value = words
      into[key] = words
      taps.forEach((tap) => tap.setAttribute('aria-pressed', String(tap.textContent === words)))
      void this.save()
    }
    taps.forEach((tap) => tap.setAttribute('aria-pressed', String(tap.textContent === text.value)))
    text.addEventListener('input', () => set(text.value))
    return make('div', { class: 'so-phrases', role: 'group', 'aria-label': title }, make('p', { class: 'form-label' }, title), ...taps, text)
  }

  private async save(): Promise<void> {
    this.count()
    this.draft.saved_at = localMoment()
    const isKept = await this.app.save({ store: 'drafts', id: this.draft.id, value: this.draft })
    this.saved.textContent = isKept ? say('saved', { at: this.draft.saved_at.slice(11, 16) }) : say('savedNot')
    this.saved.dataset['tone'] = isKept ? '' : 'overdue'
  }

  private count(): void {
    const { items } = this.draft.business
    const done = items.length - missing(this.draft).length
    this.told.textContent = say('checked', { n: done, m: items.length })
    this.bar.value = done
    this.go.querySelector('span')!.textContent = done < items.length ? say('next') : say('submit')
  }

  /** To the next open item; once there is none, the day is kept and sent when it can be. */
  private async forward(): Promise<void> {
    const open = missing(this.draft)[0]
    if (open) return this.show(open)
    this.go.disabled = true
    if (!(await keepDay(this.app, this.draft))) {
      this.go.disabled = false
      this.told.replaceWith(notice('overdue', say('tooFull')))
      return
    }
    toast(say('kept'))
    this.leave()
    await send(this.app, true)
  }

  private show({ key }: DayItem): void {
    const card = this.cards.get(key)
    card?.scrollIntoView({ block: 'start', behavior: 'smooth' })
    const isSilent = this.draft.answers[key] === 'problem'
    const target = card?.querySelector<HTMLElement>(isSilent ? '.so-tap' : 'input')
    target?.focus({ preventScroll: true })
    if (isSilent) toast(say('askedWords'))
  }
}
