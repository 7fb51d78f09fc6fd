/** Menus are <details data-menu>: one open at a time, closed by Escape, by a click outside or by their own button. */
export function setUpMenus(): void {
  document.addEventListener('click', (event) => {
    const target = event.target as Element
    const own = target.closest('details[data-menu]')
    closeMenus(own)
    if (target.closest('[data-close-menu]')) own?.removeAttribute('open')
    if (target.closest('[data-show-shortcuts]')) showShortcuts()
    if (target.closest('a[href="#print"], [data-print]')) {
      event.preventDefault()
      window.print()
    }
  })
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return
    const open = document.querySelector<HTMLDetailsElement>('details[data-menu][open]')
    open?.removeAttribute('open')
    open?.querySelector<HTMLElement>('summary')?.focus()
  })
}

function closeMenus(except: Element | null): void {
  for (const menu of document.querySelectorAll('details[data-menu][open]')) {
    if (menu !== except && !menu.contains(except)) menu.removeAttribute('open')
  }
}

export function showShortcuts(): void {
  const dialog = document.querySelector<HTMLDialogElement>('#shortcuts')
  if (dialog && !dialog.open) dialog.showModal()
}
