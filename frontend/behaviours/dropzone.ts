/** [data-dropzone] takes dropped files into its file input and names what was chosen. */
export function setUpDropzones(): void {
  for (const kind of ['dragenter', 'dragover', 'dragleave', 'drop'] as const) {
    document.addEventListener(kind, (event) => onDrag(event, kind))
  }
  document.addEventListener('change', (event) => {
    const input = event.target
    if (input instanceof HTMLInputElement && input.type === 'file') showChosen(input)
  })
}

function onDrag(event: DragEvent, kind: string): void {
  const zone = (event.target as Element | null)?.closest?.<HTMLElement>('[data-dropzone]')
  if (!zone) return
  event.preventDefault()
  zone.classList.toggle('is-over', kind === 'dragenter' || kind === 'dragover')
  const input = zone.querySelector<HTMLInputElement>('input[type="file"]')
  if (kind !== 'drop' || !input || !event.dataTransfer?.files.length) return
  input.files = event.dataTransfer.files
  input.dispatchEvent(new Event('change', { bubbles: true }))
}

function showChosen(input: HTMLInputElement): void {
  const zone = input.closest<HTMLElement>('[data-dropzone]')
  const note = zone?.querySelector<HTMLElement>('[data-dropzone-file]')
  if (!zone || !note || !input.files?.length) return
  zone.classList.add('has-file')
  note.textContent = [...input.files].map((file) => `${file.name} · ${size(file.size)}`).join(' / ')
}

function size(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`
}
