import { say } from '../shared/words'

type Draft = Record<string, string>

/** form[data-draft] keeps what was typed in this browser until it is accepted; after a loss it offers it again. */
export function setUpDrafts(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-draft]')) {
    const key = `shian-draft:${user()}:${form.dataset['draft']}:${place()}`
    const isAnswered = document.querySelector('.sh-errors') !== null
    const kept = localStorage.getItem(key)
    const isLost = kept !== null && kept !== JSON.stringify(read(form)) // a preview shows what was typed
    if (isLost && !isAnswered) offer(form, key, JSON.parse(kept) as Draft)
    form.addEventListener('input', () => localStorage.setItem(key, JSON.stringify(read(form))))
    form.addEventListener('submit', () => sessionStorage.setItem('shian-sent', key))
  }
  dropAccepted()
}

/** Who types: on a computer that several share nobody is offered another's words. */
function user(): string {
  return document.querySelector<HTMLElement>('[data-leave-user]')?.dataset['leaveUser'] ?? ''
}

/** The same form about another item or area has a draft of its own. */
function place(): string {
  return location.pathname + location.search
}

/** A draft is done with when the page after the submit is another one. */
function dropAccepted(): void {
  const key = sessionStorage.getItem('shian-sent')
  if (!key) return
  sessionStorage.removeItem('shian-sent')
  if (!key.endsWith(`:${place()}`)) localStorage.removeItem(key)
}

function fields(form: HTMLFormElement): (HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement)[] {
  const all = form.querySelectorAll<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>('input, textarea, select')
  return [...all].filter((field) => field.name && !['password', 'file', 'hidden'].includes(field.type))
}

function read(form: HTMLFormElement): Draft {
  const draft: Draft = {}
  for (const field of fields(form)) {
    const ticked = field instanceof HTMLInputElement && ['checkbox', 'radio'].includes(field.type)
    if (!ticked) draft[field.name] = field.value
    else if ((field as HTMLInputElement).checked) draft[`${field.name}=${field.value}`] = '1'
  }
  return draft
}

function write(form: HTMLFormElement, draft: Draft): void {
  for (const field of fields(form)) {
    const ticked = field instanceof HTMLInputElement && ['checkbox', 'radio'].includes(field.type)
    if (ticked) (field as HTMLInputElement).checked = `${field.name}=${field.value}` in draft
    else field.value = draft[field.name] ?? field.value
  }
}

function offer(form: HTMLFormElement, key: string, draft: Draft): void {
  const bar = document.createElement('div')
  bar.className = 'sh-callout sh-callout-neutral'
  bar.setAttribute('role', 'status')
  const text = document.createElement('span')
  text.textContent = say('unsent')
  bar.append(text)
  for (const [word, act] of [
    ['restore', () => write(form, draft)],
    ['discard', () => localStorage.removeItem(key)],
  ] as const) {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'btn'
    button.textContent = say(word)
    button.addEventListener('click', () => {
      act()
      bar.remove()
    })
    bar.append(button)
  }
  form.before(bar)
}
