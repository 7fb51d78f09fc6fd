// `/` search, `g` and a letter to go, `j` `k` in lists, Enter opens, `x` ticks, `?` shows the keys.

import { showShortcuts } from './menus'

let goUntil = 0

export function setUpKeyboard(): void {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    if (isTyping(event.target) || document.querySelector('dialog[open]')) return
    if (handle(event.key)) event.preventDefault()
  })
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button', 'submit'].includes(target.type)
  return target.isContentEditable || target.matches('select, textarea')
}

function handle(key: string): boolean {
  if (Date.now() < goUntil) {
    goUntil = 0
    return go(key)
  }
  switch (key) {
    case '/':
      return focusSearch()
    case 'g':
      goUntil = Date.now() + 1500
      return true
    case 'j':
      return move(1)
    case 'k':
      return move(-1)
    case 'Enter':
      return openRow()
    case 'x':
      return tickRow()
    case '?':
      showShortcuts()
      return true
    default:
      return false
  }
}

function go(key: string): boolean {
  const link = document.querySelector<HTMLAnchorElement>(`a[data-go="${CSS.escape(key)}"]`)
  if (link) location.assign(link.href)
  return link !== null
}

function focusSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>('[data-list-search], [data-global-search]')
  const first = document.querySelector<HTMLInputElement>('[data-list-search]') ?? field
  first?.focus()
  first?.select()
  return first !== null
}

function rows(): HTMLTableRowElement[] {
  return [...document.querySelectorAll<HTMLTableRowElement>('table[data-rows] tbody tr')]
}

function currentRow(): HTMLTableRowElement | null {
  return document.querySelector('table[data-rows] tr.is-current')
}

function move(step: number): boolean {
  const all = rows()
  if (!all.length) return false
  const current = currentRow()
  const at = current ? all.indexOf(current) + step : step > 0 ? 0 : all.length - 1
  const next = all[Math.min(all.length - 1, Math.max(0, at))]
  current?.classList.remove('is-current')
  next?.classList.add('is-current')
  next?.scrollIntoView({ block: 'nearest' })
  return true
}

function openRow(): boolean {
  const active = document.activeElement
  const url = currentRow()?.dataset['href']
  if (!url || (active && active !== document.body && active.matches('a, button, summary, input'))) return false
  location.assign(url)
  return true
}

function tickRow(): boolean {
  const box = currentRow()?.querySelector<HTMLInputElement>('[data-tick]')
  box?.click()
  return box !== undefined && box !== null
}
