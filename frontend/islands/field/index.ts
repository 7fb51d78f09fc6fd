// The field portal in the browser: tasks, forms, outbox and one check at a time, by the part of the address after "#".
// Props: the server's addresses. Everything works without a network once it was opened with one.

import { App } from './app'
import { notice } from './pieces'
import type { Addresses } from './records'
import { Screen } from './screen'
import { Server } from './server'
import { tell } from './words'

export async function mount(element: HTMLElement, addresses: Addresses): Promise<void> {
  if (!('subtle' in crypto) || !('locks' in navigator) || !('indexedDB' in window)) {
    element.replaceChildren(notice('overdue', tell('insecure')))
    return
  }
  const app = await App.start(new Server(addresses)).catch((error: unknown) => {
    element.replaceChildren(notice('overdue', tell('noStore')))
    throw error
  })
  if (!app) {
    location.href = `${addresses.login}?next=${encodeURIComponent(addresses.home)}`
    return
  }
  await new Screen(app, element).open()
}
