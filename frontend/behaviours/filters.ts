import { canSwap, swapTo } from './swap'

/** A filter acts when it changes; text acts when the typing pauses. Empty parameters stay out of the URL. */
export function setUpFilters(): void {
  let pause = 0
  document.addEventListener('change', (event) => {
    const form = filterForm(event)
    if (form && !isSearch(event)) send(form)
  })
  document.addEventListener('input', (event) => {
    const form = filterForm(event)
    if (!form || !isSearch(event) || (event as InputEvent).isComposing || !canSwap()) return
    window.clearTimeout(pause)
    pause = window.setTimeout(() => send(form), 300)
  })
  document.addEventListener('compositionend', (event) => {
    const form = filterForm(event)
    if (form && canSwap()) send(form)
  })
  document.addEventListener('click', (event) => {
    const toggle = (event.target as Element).closest('[data-toggle-filters]')
    const isOpen = toggle?.closest('form')?.classList.toggle('is-open')
    toggle?.setAttribute('aria-expanded', String(isOpen))
  })
  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement
    if (!form.matches('[data-filterbar], [data-columns]') || !canSwap()) return
    event.preventDefault()
    window.clearTimeout(pause)
    send(form)
  })
}

function filterForm(event: Event): HTMLFormElement | null {
  return (event.target as Element).closest<HTMLFormElement>('form[data-filterbar]')
}

function isSearch(event: Event): boolean {
  return event.target instanceof HTMLInputElement && event.target.type === 'search'
}

/** What the page chose by itself, such as today's date, is no filter. */
function isAsDrawn(form: HTMLFormElement, name: string): boolean {
  return [...form.elements].every((field) => {
    if (field instanceof HTMLSelectElement && field.name === name)
      return [...field.options].every((option) => option.selected === option.defaultSelected)
    if (!(field instanceof HTMLInputElement) || field.name !== name || field.type === 'hidden') return true
    return field.type === 'checkbox' ? field.checked === field.defaultChecked : field.value === field.defaultValue
  })
}

function send(form: HTMLFormElement): void {
  const query = new URLSearchParams()
  const asked = new URLSearchParams(location.search)
  for (const [name, value] of new FormData(form)) {
    if (typeof value !== 'string' || value === '') continue
    if (asked.has(name) || !isAsDrawn(form, name)) query.append(name, value)
  }
  const url = `${location.pathname}?${query}`
  if (canSwap()) void swapTo(url)
  else location.assign(url)
}
