/** On narrow screens the sidebar slides in; on wide ones it always stands and these buttons are hidden. */
export function setUpSidebar(): void {
  const sidebar = document.getElementById('sidebar')
  const opener = document.querySelector<HTMLElement>('button[data-toggle-sidebar]')
  if (!sidebar || !opener) return
  const set = (open: boolean): void => {
    document.body.classList.toggle('has-sidebar-open', open)
    opener.setAttribute('aria-expanded', String(open))
    document.getElementById('main')?.toggleAttribute('inert', open)
    if (open) sidebar.querySelector<HTMLElement>('a')?.focus()
  }
  for (const control of document.querySelectorAll('[data-toggle-sidebar]')) {
    control.addEventListener('click', () => set(!document.body.classList.contains('has-sidebar-open')))
  }
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !document.body.classList.contains('has-sidebar-open')) return
    set(false)
    opener.focus()
  })
}
