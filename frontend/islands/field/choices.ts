// Questions answered by choosing: one thumb, targets of 48 pixels, native inputs, so that keys and readers work as ever.

import type { Question } from 'survey-core'

import { make } from '../../shared/element'
import { icon } from './pieces'
import { tell } from './words'

type Choice = { value: string; text: string }

const SHOWN = 8 // of a long list
const CODE = /^[\w-]{3,40}$/

export function choicesOf(question: Question): Choice[] {
  const found = (question['choices'] ?? []) as { value: unknown; text: string }[]
  return found.map((each) => ({ value: String(each.value), text: each.text }))
}

/** One of a few, side by side where they fit. */
export function oneOf(question: Question, choices: Choice[]): HTMLElement {
  const group = make('div', { class: choices.length <= 4 ? 'sf-choices' : 'sf-choices sf-choices-down' })
  for (const choice of choices) {
    const input = make('input', { type: 'radio', name: question.id, value: choice.value, checked: question.value === choice.value })
    input.addEventListener('change', () => (question.value = choice.value))
    group.append(make('label', { class: 'sf-choice' }, input, make('span', {}, icon('check'), choice.text)))
  }
  return group
}

/** Several of a few; an answer that stands alone in the form's own rules is checked by the form. */
export function someOf(question: Question, choices: Choice[]): HTMLElement {
  const group = make('div', { class: 'sf-choices sf-choices-down' })
  for (const choice of choices) {
    const input = make('input', { type: 'checkbox', value: choice.value, checked: listed(question).includes(choice.value) })
    input.addEventListener('change', () => {
      const others = listed(question).filter((value) => value !== choice.value)
      question.value = input.checked ? [...others, choice.value] : others
    })
    group.append(make('label', { class: 'sf-choice' }, input, make('span', {}, icon('check'), choice.text)))
  }
  return group
}

/** An order: each touch gives the next number, a touch on a numbered one takes it back. */
export function ranked(question: Question, choices: Choice[]): HTMLElement {
  const group = make('div', { class: 'sf-choices sf-choices-down' })
  const draw = () => {
    const order = listed(question)
    group.replaceChildren(
      ...choices.map(({ value, text }) => {
        const place = order.indexOf(value) + 1
        const touch = () => {
          question.value = place ? order.filter((each) => each !== value) : [...order, value]
          draw()
        }
        const number = make('b', { class: 'sf-rank' }, place ? String(place) : '')
        return make('button', { type: 'button', class: 'btn sf-choice-row', 'aria-pressed': String(place > 0), onclick: touch }, number, text)
      }),
    )
  }
  draw()
  return group
}

/** One of many: typing narrows the list. isOpen: a code that is not in the list may be typed too. */
export function found(question: Question, choices: Choice[], isOpen = false): HTMLElement {
  const search = make('input', { type: 'search', class: 'form-control', placeholder: tell('search'), 'aria-label': tell('search') })
  const list = make('div', { class: 'sf-choices sf-choices-down' })
  const draw = () => {
    const wanted = search.value.trim().toLowerCase()
    const gone = question.isEmpty() ? undefined : { value: String(question.value), text: String(question.value) }
    const chosen = choices.find((each) => each.value === question.value) ?? gone
    const others = choices.filter((each) => each !== chosen && `${each.text} ${each.value}`.toLowerCase().includes(wanted))
    const typed = search.value.trim() // a code that stands on the door but not in the list: the server knows it
    const own = isOpen && !others.length && CODE.test(typed) ? [{ value: typed, text: tell('useCode', { code: typed }) }] : []
    const shown = [...(chosen ? [chosen] : []), ...others.slice(0, chosen && !wanted ? 0 : SHOWN), ...own]
    list.replaceChildren(shown.length ? oneOf(question, shown) : make('p', { class: 'sh-help' }, tell('noMatch')))
  }
  search.addEventListener('input', draw)
  list.addEventListener('change', () => {
    search.value = ''
    draw()
  })
  draw()
  return make('div', { class: 'sf-search' }, isOpen || choices.length > SHOWN ? search : null, list)
}

function listed(question: Question): string[] {
  return Array.isArray(question.value) ? (question.value as string[]) : []
}
