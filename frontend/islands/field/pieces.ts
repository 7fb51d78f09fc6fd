// Small parts of the field page: icons, buttons, notices.

import './field.css'

import { type Child, make } from '../../shared/element'

/** An icon that the shell brought along in its template. */
export function icon(name: string): Node | null {
  const template = document.getElementById('field-icons') as HTMLTemplateElement | null
  return template?.content.querySelector(`[data-icon="${name}"] svg`)?.cloneNode(true) ?? null
}

export function button(text: string, run: () => void, { css = 'btn', picture = '', ...rest }: Record<string, string> = {}): HTMLButtonElement {
  return make('button', { type: 'button', class: css, onclick: run, ...rest }, picture ? icon(picture) : null, make('span', {}, text))
}

/** A notice with what can be done about it. tone: due, overdue, neutral. */
export function notice(tone: string, title: string, text = '', ...actions: Child[]): HTMLElement {
  const body = make('div', {}, make('p', { class: 'sh-callout-title' }, title), text ? make('p', {}, text) : null)
  if (actions.length) body.append(make('div', { class: 'sf-row' }, ...actions))
  const role = tone === 'overdue' ? 'alert' : 'status'
  return make('div', { class: `sh-callout sh-callout-${tone}`, role }, icon(tone === 'neutral' ? 'info-circle' : 'alert-triangle'), body)
}

/** A button that opens the phone's picker or camera. */
export function picker(text: string, picture: string, accept: string, choose: (file: File) => void, capture = ''): HTMLElement {
  const input = make('input', { type: 'file', accept, class: 'visually-hidden', capture: capture || null })
  input.addEventListener('change', () => {
    const file = input.files?.[0]
    input.value = ''
    if (file) choose(file)
  })
  return make('label', { class: 'btn sf-pick' }, icon(picture), make('span', {}, text), input)
}

/** Says something once, without taking the focus. */
export function toast(text: string): void {
  document.querySelector('.sf-toast')?.remove()
  const shown = make('p', { class: 'sf-toast', role: 'status' }, icon('circle-check'), text)
  document.body.append(shown)
  setTimeout(() => shown.remove(), 4000)
}
