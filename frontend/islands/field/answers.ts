// One question on the page: its words, its control, what belongs to it, what is wrong with it.

import type { Question } from 'survey-core'

import { make } from '../../shared/element'
import { choicesOf, found, oneOf, ranked, someOf } from './choices'
import { type Album, photographed, placed, signed } from './media'
import { button } from './pieces'
import { kindOf, panelsOf, type Sheet } from './sheet'
import { tell } from './words'

export interface Scene extends Album {
  sheet: Sheet
  lists: Record<string, [string, string][]>
}

/** A question as it stands: `refresh` shows or hides it and what is wrong, after every answer. */
export interface Card {
  question: Question
  element: HTMLElement
  refresh(): void
}

const MANY = 6 // choices that fit a screen

/** A question with its photo, remark and reason below it. */
export function card(question: Question, companions: Question[], scene: Scene): Card {
  const parts = companions.map((each) => small(each, scene))
  const error = make('p', { class: 'sf-error', id: `${question.id}-error`, role: 'alert', hidden: true })
  const legend = make('legend', {}, make('span', { class: 'sf-title' }, titleOf(question)), ...badges(question))
  const help = [question['rule'], question['basis'], question.description].filter(Boolean).join(' · ')
  const element = make(
    'fieldset',
    { class: 'sf-card', id: `q-${question.name}`, 'data-question': question.name, tabindex: -1, 'aria-describedby': error.id },
    legend, help ? make('p', { class: 'sh-help' }, help) : null, control(question, scene), error, ...parts.map((part) => part.element),
  )
  const refresh = () => {
    element.hidden = !question.isVisible || !question.isParentVisible
    element.dataset['tone'] = toneOf(question, scene.sheet)
    tellError(question, error)
    parts.forEach((part) => part.refresh())
  }
  return { question, element, refresh }
}

/** What belongs to another question's answer. */
function small(question: Question, scene: Scene): Card {
  const error = make('p', { class: 'sf-error', role: 'alert', hidden: true })
  const title = make('p', { class: 'sf-small-title', id: `${question.id}-title` }, titleOf(question))
  const element = make('div', { class: 'sf-small', role: 'group', 'aria-labelledby': title.id, id: `q-${question.name}`, tabindex: -1, 'data-question': question.name }, title, control(question, scene), error)
  const refresh = () => {
    element.hidden = !question.isVisible
    tellError(question, error)
  }
  return { question, element, refresh }
}

function titleOf(question: Question): string {
  return `${question.title}${question.isRequired ? ' *' : ''}`
}

function badges(question: Question): HTMLElement[] {
  const told: HTMLElement[] = []
  if (question['points'] !== undefined) told.push(make('span', { class: 'sf-worth num' }, tell('worth', { n: Number(question['points']) })))
  if (question['keyItem']) told.push(make('span', { class: 'sh-badge sh-badge-due' }, tell('keyItem')))
  return told
}

function tellError(question: Question, error: HTMLElement): void {
  const wrong = question.errors[0]
  error.hidden = !wrong
  if (!wrong) return
  const isMissing = wrong.getErrorType() === 'required'
  const own = isMissing ? question.requiredErrorText : wrong.text
  error.textContent = own || tell(isMissing ? 'asked' : 'invalid')
}

/** The state of an answered item by what it earned. */
function toneOf(question: Question, sheet: Sheet): string {
  if (question['points'] === undefined || question.isEmpty()) return ''
  const earned = sheet.earned(question)
  if (earned === null) return 'waiting'
  return earned <= 0 ? 'overdue' : earned < Number(question['points']) ? 'due' : 'done'
}

/** What is given beforehand and cannot be changed here. */
function given(question: Question): HTMLElement {
  const chosen = choicesOf(question).find((each) => each.value === String(question.value))
  return make('p', { class: 'sf-given' }, chosen?.text ?? String(question.value ?? ''))
}

const PLAIN = new Set(['choice', 'select', 'text', 'lines', 'number', 'date', 'time', 'moment'])

function control(question: Question, scene: Scene): HTMLElement {
  if (question.readOnly && PLAIN.has(kindOf(question))) return given(question)
  switch (kindOf(question)) {
    case 'choice':
      return oneOf(question, choicesOf(question))
    case 'choices':
      return someOf(question, choicesOf(question))
    case 'rank':
      return ranked(question, choicesOf(question))
    case 'select':
      return choicesOf(question).length > MANY ? found(question, choicesOf(question)) : oneOf(question, choicesOf(question))
    case 'entity':
      return found(question, (scene.lists[String(question['dataset'])] ?? []).map(([value, text]) => ({ value, text })), true)
    case 'tick':
      return oneOf(question, [{ value: 'OK', text: question.title }])
    case 'photo':
    case 'file':
      return photographed(question, scene)
    case 'signature':
      return signed(question, scene)
    case 'place':
      return placed(question, scene)
    case 'repeat':
      return repeated(question, scene)
    case 'note':
      return make('p', { class: 'sh-help' }, '')
    default:
      return typed(question)
  }
}

const TYPES: Record<string, string> = { number: 'number', range: 'range', date: 'date', time: 'time', moment: 'datetime-local' }

function typed(question: Question): HTMLElement {
  const kind = kindOf(question)
  const label = { 'aria-label': question.title, class: 'form-control', placeholder: question['placeholder'] as string }
  if (kind === 'lines') {
    const area = make('textarea', { ...label, rows: 2 })
    area.value = String(question.value ?? '')
    area.addEventListener('input', () => (question.value = area.value || undefined))
    return area
  }
  const limits = { min: question['min'] as string, max: question['max'] as string, step: (question['step'] as string) || 'any' }
  const isNumber = kind === 'number' || kind === 'range'
  const input = make('input', { ...label, ...(isNumber ? limits : {}), type: TYPES[kind] ?? 'text', inputmode: isNumber ? 'decimal' : null })
  input.value = String(question.value ?? '')
  input.addEventListener('input', () => (question.value = isNumber ? numberOf(input) : input.value || undefined))
  return isNumber && kind === 'number' ? counted(question, input) : input
}

function numberOf(input: HTMLInputElement): number | undefined {
  return Number.isNaN(input.valueAsNumber) ? undefined : input.valueAsNumber
}

/** A number with one step down and up, for a thumb. */
function counted(question: Question, input: HTMLInputElement): HTMLElement {
  const step = (by: number) => {
    input.value = String(Math.max(0, (numberOf(input) ?? 0) + by))
    question.value = numberOf(input)
  }
  const less = button('−', () => step(-1), { css: 'btn sf-step', 'aria-label': `${question.title} −1` })
  const more = button('+', () => step(1), { css: 'btn sf-step', 'aria-label': `${question.title} +1` })
  return make('div', { class: 'sf-row sf-counted' }, less, input, more)
}

/** Rows of the same questions. */
function repeated(question: Question, scene: Scene): HTMLElement {
  const panels = panelsOf(question)
  const rows = make('div', { class: 'sf-repeats' })
  const draw = () => {
    const cards: Card[] = []
    rows.replaceChildren(
      ...panels.panels.map((panel, number) => {
        const inner = cardsOf(panel.questions, scene)
        cards.push(...inner)
        const drop = button(tell('removeRow'), () => (panels.removePanel(number), draw()), { css: 'btn btn-quiet', picture: 'trash' })
        return make('div', { class: 'sf-repeat' }, make('p', { class: 'sf-small-title num' }, `${question.title} ${number + 1}`), ...inner.map((each) => each.element), drop)
      }),
    )
    refreshRows = () => cards.forEach((each) => each.refresh())
    refreshRows()
  }
  let refreshRows = (): void => undefined
  draw()
  scene.sheet.model.onValueChanged.add(() => refreshRows())
  return make('div', {}, rows, button(tell('addRow'), () => (panels.addPanel(), draw()), { picture: 'plus' }))
}

/** Cards of questions in their order; what belongs to an answer stands below it. */
export function cardsOf(questions: Question[], scene: Scene): Card[] {
  const own = questions.filter((each) => !each['companionOf'])
  return own.map((each) => card(each, questions.filter((other) => other['companionOf'] === each.name), scene))
}
