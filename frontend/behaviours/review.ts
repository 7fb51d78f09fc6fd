/** Reviewing documents by keys: `j` `k` open the next and the one before, `p` passes, `r` asks for the reason first. */
export function setUpReview(): void {
  const page = document.querySelector('[data-review]')
  if (!page) return
  page.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' })
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isWriting(event.target)) return
    if (document.querySelector('dialog[open]')) return
    if (act(page, event.key)) event.preventDefault()
  })
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('textarea, select, input:not([type=checkbox])')
}

function act(page: Element, key: string): boolean {
  switch (key) {
    case 'j':
      return open(page, 1)
    case 'k':
      return open(page, -1)
    case 'p':
      return press(page.querySelector<HTMLButtonElement>('[data-review-pass]'))
    case 'r':
      return write(page)
    default:
      return false
  }
}

function open(page: Element, step: number): boolean {
  const files = [...page.querySelectorAll<HTMLAnchorElement>('[data-review-file]')]
  const at = files.findIndex((file) => file.hasAttribute('aria-current'))
  const next = files[at + step]
  if (next) location.assign(next.href)
  return true
}

function press(button: HTMLButtonElement | null): boolean {
  button?.click()
  return button !== null
}

/** A return needs its reason: the field first; with words in it the key sends them. */
function write(page: Element): boolean {
  const field = page.querySelector<HTMLTextAreaElement>('[data-review-comment]')
  if (field?.value.trim()) return press(page.querySelector<HTMLButtonElement>('[data-review-return]'))
  field?.focus()
  return field !== null
}
