import { ask } from '../shared/ask'

/** Ticked rows: counts them, shows the bar of bulk actions, and asks before an act with a consequence. */
export function setUpBulk(): void {
  document.addEventListener('change', (event) => {
    const box = event.target
    if (!(box instanceof HTMLInputElement)) return
    if (box.matches('[data-tick-all]')) tickAll(box)
    if (box.matches('[data-tick], [data-tick-all]')) showCount(box)
  })
  document.addEventListener('click', (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>('button[data-ask]')
    if (!button || button.dataset['answered']) return
    event.preventDefault()
    const isDangerous = button.classList.contains('btn-danger-quiet')
    void ask(button.dataset['ask'] ?? '', button.textContent?.trim() ?? '', isDangerous).then((goOn) => {
      if (!goOn) return
      button.dataset['answered'] = 'yes'
      button.click()
    })
  })
}

function tickAll(all: HTMLInputElement): void {
  for (const box of all.closest('table')?.querySelectorAll<HTMLInputElement>('[data-tick]') ?? []) {
    box.checked = all.checked
  }
}

function showCount(box: HTMLElement): void {
  const form = box.closest('form[data-bulk]')
  if (!form) return
  const count = form.querySelectorAll('[data-tick]:checked').length
  const output = form.querySelector('[data-bulk-count]')
  if (output) output.textContent = String(count)
  form.querySelector('[data-bulk-bar]')?.classList.toggle('is-open', count > 0)
}
