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
  const work = await vault.get<{ businesses?: unknown }>('meta', 'work')
  const canExport = !work?.businesses // files are read by the field page, which people of a business do not have
  if ((unsent || drafts) && !(await agreed(vault, unsent, drafts, canExport))) return false
  await vault.destroy()
  await noteUser(null)
  return true
}

function agreed(vault: Vault, unsent: number, drafts: number, canExport: boolean): Promise<boolean> {
  const choice = (text: string, value: string, css: string) => make('button', { class: css, value }, text)
  const taking = canExport ? choice(tell('leaveExport'), 'export', 'btn btn-primary') : null
  const form = make(
    'form', { method: 'dialog', class: 'sh-confirm-end' }, choice(tell('back'), 'stay', 'btn'), taking, choice(tell('leaveDelete'), 'delete', 'btn btn-danger'),
  )
  const dialog = make('dialog', { class: 'sh-dialog' }, make('p', {}, tell('leaveSure', { n: unsent, m: drafts })), form)
  document.body.append(dialog)
  dialog.showModal()
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove()
      if (dialog.returnValue === 'export') void exportTo(vault).then(() => agreed(vault, unsent, drafts, canExport)).then(resolve)
      else resolve(dialog.returnValue === 'delete')
    })
  })
}
