import { say } from '../shared/words'

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement

/** Checks a field when it is left and says what is wrong beneath it; refuses a second click on a form under way. */
export function setUpFields(): void {
  let isPressed = false
  document.addEventListener('pointerdown', () => (isPressed = true), true)
  for (const end of ['pointerup', 'pointercancel']) document.addEventListener(end, () => (isPressed = false), true)
  document.addEventListener('focusout', (event) => {
    const control = event.target
    if (!isControl(control) || !control.closest('.sh-form .sh-field')) return
    // A message that comes or goes moves what is below: never between pressing a button there and letting it go.
    if (isPressed) document.addEventListener('pointerup', () => setTimeout(() => check(control)), { once: true })
    else check(control)
  })
  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement
    if (form.method !== 'post') return
    if (form.dataset['sent']) event.preventDefault()
    form.dataset['sent'] = 'yes'
    window.setTimeout(() => delete form.dataset['sent'], 4000)
  })
}

function isControl(target: EventTarget | null): target is Control {
  return (
    target instanceof HTMLInputElement || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement
  )
}

function check(control: Control): void {
  const field = control.closest<HTMLElement>('.sh-field')
  if (!field || control.type === 'file' || control.type === 'password') return
  field.querySelector('[data-inline-error]')?.remove()
  const wrong = !control.checkValidity()
  control.classList.toggle('is-invalid', wrong)
  control.setAttribute('aria-invalid', String(wrong))
  if (!wrong) {
    field.classList.remove('is-invalid')
    field.querySelector('.sh-field-error')?.remove()
    return
  }
  if (field.querySelector('.sh-field-error')) return
  const note = document.createElement('p')
  note.className = 'sh-field-error'
  note.dataset['inlineError'] = ''
  note.textContent = control.validity.valueMissing ? say('required') : control.validationMessage || say('invalid')
  field.append(note)
}
