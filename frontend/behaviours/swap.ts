// Lists change in place: a filter, a sort or a page swaps the heading (with its count) and #list, and the URL says so.
// The server answers the ordinary page, so nothing differs without scripts.

import { mountIslands } from '../shared/island'
import { processHtmx } from './htmx'
import { fitTables } from './tables'

const PARTS = ['.sh-heading', '#list']
let running: AbortController | null = null
// What the list shows. The way past the navigation changes only the fragment, which is a popstate too.
let shown = address()

function address(): string {
  return location.pathname + location.search
}

export function canSwap(): boolean {
  return document.getElementById('list') !== null
}

export async function swapTo(url: string, push = true): Promise<void> {
  running?.abort()
  const mine = (running = new AbortController())
  const waiting = window.setTimeout(() => document.getElementById('list')?.setAttribute('aria-busy', 'true'), 150)
  try {
    const answer = await fetch(url, { signal: mine.signal, credentials: 'same-origin' })
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
    if (!answer.ok || answer.redirected || !page.getElementById('list')) return void location.assign(url)
    if (push) history.pushState({ swapped: true }, '', url)
    shown = address()
    replaceParts(page)
  } catch (error) {
    if (!mine.signal.aborted) location.assign(url)
    else if (!(error instanceof DOMException)) throw error
  } finally {
    window.clearTimeout(waiting)
    if (!mine.signal.aborted) document.getElementById('list')?.removeAttribute('aria-busy')
  }
}

function replaceParts(page: Document): void {
  const focused = focusMark()
  for (const selector of PARTS) {
    const [old, fresh] = [document.querySelector(selector), page.querySelector<HTMLElement>(selector)]
    if (!old || !fresh) continue
    old.replaceWith(fresh)
    processHtmx(fresh)
    mountIslands(fresh)
    fitTables(fresh)
  }
  document.title = page.title
  restoreFocus(focused)
}

function focusMark(): { id: string; caret: number | null } {
  const active = document.activeElement
  const caret = active instanceof HTMLInputElement && active.type === 'search' ? active.selectionStart : null
  return { id: active?.id ?? '', caret }
}

function restoreFocus({ id, caret }: { id: string; caret: number | null }): void {
  const element = id ? document.getElementById(id) : null
  element?.focus({ preventScroll: true })
  if (element instanceof HTMLInputElement && caret !== null) element.setSelectionRange(caret, caret)
}

export function setUpSwap(): void {
  document.addEventListener('click', (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>('a[data-swap-list]')
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0 || !canSwap()) return
    event.preventDefault()
    void swapTo(link.href).then(() => document.getElementById('rows')?.scrollTo({ top: 0 }))
  })
  window.addEventListener('popstate', () => {
    if (canSwap() && address() !== shown) void swapTo(location.href, false)
  })
}
