import { say } from '../shared/words'

/** [data-copy] copies its value and says so for a moment. */
export function setUpClipboard(): void {
  document.addEventListener('click', (event) => {
    const source = (event.target as Element).closest<HTMLElement>('[data-copy]')
    if (source) void copy(source)
  })
}

async function copy(source: HTMLElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(source.dataset['copy'] ?? '')
  } catch {
    return // no permission, or a page without https: the text can still be selected
  }
  const note = document.createElement('span')
  note.className = 'sh-copied'
  note.setAttribute('role', 'status')
  note.textContent = say('copied')
  source.after(note)
  window.setTimeout(() => note.remove(), 1600)
}
