import { say } from './words'

/** Asks once, naming the consequence. True when the reader goes on. */
export function ask(consequence: string, verb: string, isDangerous = false): Promise<boolean> {
  const dialog = document.createElement('dialog')
  dialog.className = 'sh-dialog'
  const text = document.createElement('p')
  text.textContent = consequence
  const form = document.createElement('form')
  form.method = 'dialog'
  form.className = 'sh-confirm-end'
  form.append(button(say('cancel'), 'no', 'btn'), button(`${say('proceed')}${verb}`, 'yes', isDangerous ? 'btn btn-danger' : 'btn btn-primary'))
  dialog.append(text, form)
  document.body.append(dialog)
  dialog.showModal()
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      resolve(dialog.returnValue === 'yes')
      dialog.remove()
    })
  })
}

function button(label: string, value: string, css: string): HTMLButtonElement {
  const element = document.createElement('button')
  element.textContent = label
  element.value = value
  element.className = css
  return element
}
