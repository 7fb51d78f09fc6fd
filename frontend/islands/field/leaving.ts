// Signing out destroys what lies in this browser: first it is asked, if something would be lost.

import { make } from '../../shared/element'
import { App } from './app'
import { exportTo } from './outbox'
import { tell } from './words'

/** True when everything here is gone and the sign-out may go on; false when the reader stays. */
export async function letGo(app: App): Promise<boolean> {
  const unsent = (await app.items()).filter((item) => item.state !== 'sent').length
  const drafts = (await app.drafts()).length
  if ((unsent || drafts) && !(await agreed(app, unsent, drafts))) return false
  await app.vault.destroy()
  App.forget()
  return true
}

function agreed(app: App, unsent: number, drafts: number): Promise<boolean> {
  const choice = (text: string, value: string, css: string) => make('button', { class: css, value }, text)
  const form = make('form', { method: 'dialog', class: 'sh-confirm-end' }, choice(tell('back'), 'stay', 'btn'), choice(tell('leaveExport'), 'export', 'btn btn-primary'), choice(tell('leaveDelete'), 'delete', 'btn btn-danger'))
  const dialog = make('dialog', { class: 'sh-dialog' }, make('p', {}, tell('leaveSure', { n: unsent, m: drafts })), form)
  document.body.append(dialog)
  dialog.showModal()
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove()
      if (dialog.returnValue === 'export') void exportTo(app).then((isDone) => resolve(isDone))
      else resolve(dialog.returnValue === 'delete')
    })
  })
}
