import htmx from 'htmx.org'

import { mountIslands } from '../shared/island'

/** htmx under a strict content security policy: no eval, no style element; every request carries the CSRF token. */
export function setUpHtmx(): void {
  htmx.config.allowEval = false
  htmx.config.includeIndicatorStyles = false
  htmx.config.selfRequestsOnly = true
  const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? ''
  document.addEventListener('htmx:configRequest', (event) => {
    const { detail } = event as CustomEvent<{ headers: Record<string, string> }>
    if (token) detail.headers['X-CSRFToken'] = token
  })
  document.addEventListener('htmx:beforeSwap', (event) => {
    const { xhr } = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail
    if (!xhr.responseURL.includes('/account/login/')) return
    event.preventDefault()
    location.reload() // the session has ended: the server leads to the sign-in page, and back here afterwards
  })
  document.addEventListener('htmx:load', (event) => {
    mountIslands((event as CustomEvent<{ elt: HTMLElement }>).detail.elt)
  })
}

export function processHtmx(element: HTMLElement): void {
  htmx.process(element)
}
