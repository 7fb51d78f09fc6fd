// What there is to do: checks under way, what is assigned, and free forms.

import { make } from '../../shared/element'
import { formatNumber } from '../../shared/format'
import type { App } from './app'
import { button, icon, notice } from './pieces'
import { type Assignment, type Draft, type Form, localMoment, type Nearby, shortMoment } from './records'
import { tell } from './words'

type Open = (form: Form, assignment: Assignment | null) => void

/** Drafts and assignments. An assignment under way shows as its draft, one that was finished not at all. */
export async function tasksPage(app: App, open: Open): Promise<HTMLElement> {
  const drafts = await app.drafts()
  const onTheirWay = (await app.items()).filter((each) => each.state !== 'sent' || each.sent_at > app.work.fetched_at)
  const taken = new Set([...drafts.map((each) => each.assignment?.key), ...onTheirWay.map((each) => each.assignment)])
  const free = app.work.assignments.filter((each) => !taken.has(each.key))
  const [left, again] = [free.filter((each) => !each.is_optional), free.filter((each) => each.is_optional)]
  const page = make('div', {}, make('h1', {}, tell('checks')))
  if (drafts.length) page.append(group(tell('drafts'), drafts.map(draftRow)))
  if (left.length) page.append(group(tell('assigned'), left.map((each) => assignmentRow(app, each, open))))
  else if (!drafts.length) page.append(notice('neutral', tell('empty'), tell('emptyHelp'), make('a', { class: 'btn', href: '#/forms' }, tell('forms'))))
  if (again.length) page.append(group(tell('doneNow'), again.map((each) => assignmentRow(app, each, open))))
  return page
}

function group(title: string, rows: HTMLElement[]): HTMLElement {
  const heading = make('h2', {}, title, ' ', make('span', { class: 'sh-heading-count num' }, String(rows.length)))
  return make('section', { class: 'sf-group' }, heading, make('ul', { class: 'sf-list' }, ...rows))
}

function draftRow(draft: Draft): HTMLElement {
  const told = [draft.assignment ? draft.form.title : '', tell('answered', { n: draft.answered, m: draft.asked }), shortMoment(localMoment(new Date(draft.saved_at)))]
  return row(draft.assignment?.title || draft.form.title, told, make('a', { class: 'sf-rowlink', href: `#/fill/${draft.id}` }, tell('startAgain')), 'edit')
}

function assignmentRow(app: App, assignment: Assignment, open: Open): HTMLElement {
  const form = app.work.forms.find((each) => each.key === assignment.form)
  const isLate = assignment.due_on !== '' && assignment.due_on < localMoment().slice(0, 10)
  const due = assignment.due_on && make('span', { class: `sh-badge sh-badge-${isLate ? 'overdue' : 'waiting'} num` }, icon('calendar-due'), tell(isLate ? 'overdue' : 'due', { day: assignment.due_on }))
  const start = form && app.kept.has(form.id) ? button(tell('openForm'), () => open(form, assignment), { css: 'sf-rowlink' }) : null
  return row(assignment.title, [form?.title ?? '', assignment.place, assignment.note], start ?? make('span', { class: 'sh-help' }, tell('noForm')), 'list-check', due || null)
}

function row(title: string, told: string[], action: HTMLElement, picture: string, badge: HTMLElement | null = null): HTMLElement {
  const text = make('div', { class: 'sf-row-text' }, make('strong', {}, title), make('span', { class: 'sh-help' }, told.filter(Boolean).join(' · ')), badge)
  action.setAttribute('aria-label', `${action.textContent ?? ''} ${title}`)
  return make('li', { class: 'sf-item' }, icon(picture), text, action)
}

/** All forms that may be filled in without an assignment, by series; typing narrows the list. */
export function formsPage(app: App, open: Open): HTMLElement {
  const free = app.work.forms.filter((form) => form.is_free)
  const search = make('input', { type: 'search', class: 'form-control', placeholder: tell('findForm'), 'aria-label': tell('findForm') })
  const list = make('div', {})
  const draw = () => {
    const wanted = search.value.trim().toLowerCase()
    const shown = free.filter((form) => `${form.title} ${form.key}`.toLowerCase().includes(wanted))
    const series = [...new Set(shown.map((form) => form.series))]
    list.replaceChildren(...series.map((name) => group(name || tell('forms'), shown.filter((form) => form.series === name).map((form) => formRow(app, form, open)))))
    if (!shown.length) list.replaceChildren(make('p', { class: 'sh-help' }, tell(free.length ? 'noMatch' : 'noForm')))
  }
  search.addEventListener('input', draw)
  draw()
  return make('div', {}, make('h1', {}, tell('forms')), make('p', { class: 'sh-lead' }, tell('free')), ...Object.values(app.near).filter(({ count }) => count).map(tellNear), search, list)
}

/** Whom a free check can be made of without a network. */
function tellNear({ rows, count, most }: Nearby): HTMLElement {
  const word = rows.length < count ? 'nearMany' : 'near'
  return make('p', { class: 'sh-help num', 'data-near': String(rows.length) }, tell(word, { n: formatNumber(count), m: formatNumber(most) }))
}

function formRow(app: App, form: Form, open: Open): HTMLElement {
  const start = app.kept.has(form.id)
    ? button(tell('openForm'), () => open(form, null), { css: 'sf-rowlink' })
    : make('span', { class: 'sh-help' }, tell('downloading'))
  return row(form.title, [form.version, form.is_withheld ? tell('withheld') : ''], start, 'list-check')
}
