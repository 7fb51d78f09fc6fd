// Signing out destroys what lies in this browser: first it is asked, if something would be lost.

import { make } from '../../shared/element'
import { draftsIn, itemsIn } from './app'
import { exportTo } from './outbox'
import { noteUser, Vault } from './vault'
import { tell } from './words'

/** The same from a page outside the field portal. */
export async function letGoOf(user: number): Promise<boolean> {
  return letGo(await Vault.open(user))
}

/** True when everything here is gone and the sign-out may go on; false when the reader stays. */
export async function letGo(vault: Vault): Promise<boolean> {
  const unsent = (await itemsIn(vault)).filter((item) => item.state !== 'sent').length
  const drafts = (await draftsIn(vault)).length
  if ((unsent || drafts) && !(await agreed(vault, unsent, drafts))) return false
  await vault.destroy()
  await noteUser(null)
  return true
}

function agreed(vault: Vault, unsent: number, drafts: number): Promise<boolean> {
  const choice = (text: string, value: string, css: string) => make('button', { class: css, value }, text)
  const form = make(
    'form', { method: 'dialog', class: 'sh-confirm-end' }, choice(tell('back'), 'stay', 'btn'),
    choice(tell('leaveExport'), 'export', 'btn btn-primary'), choice(tell('leaveDelete'), 'delete', 'btn btn-danger'),
  )
  const dialog = make('dialog', { class: 'sh-dialog' }, make('p', {}, tell('leaveSure', { n: unsent, m: drafts })), form)
  document.body.append(dialog)
  dialog.showModal()
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove()
      if (dialog.returnValue === 'export') void exportTo(vault).then(() => agreed(vault, unsent, drafts)).then(resolve)
      else resolve(dialog.returnValue === 'delete')
    })
  })
}
